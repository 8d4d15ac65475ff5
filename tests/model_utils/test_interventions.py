"""Each switch against a computation by hand, and none of them leaves a mark on the shared model."""

from typing import Any

import numpy as np
import pytest
import torch

from model_utils import HeadOff, ModelError, OwnMask, PositionsOff, Trace, Unmasked, Unscaled, trace

TEXT = "the dogs near the tree are on the river mat"
ALL = ["gpt2", "llama", "gemma2", "opt", "bert", "roberta", "albert", "distilbert", "modernbert", "t5", "bart"]


def softmax(scores: np.ndarray, visible: np.ndarray) -> np.ndarray:
    powers = np.where(visible, np.exp(scores - scores.max(-1, keepdims=True)), 0.0)
    return powers / powers.sum(-1, keepdims=True)


def own(run: Trace) -> list[Any]:
    return [attention for attention in run.attentions if attention.kind == "self"]


def test_unscaled_leaves_the_dot_products_alone(model_of: Any) -> None:
    before = trace(model_of("gpt2"), TEXT).attentions[0]
    after = trace(model_of("gpt2"), TEXT, [Unscaled()]).attentions[0]
    np.testing.assert_array_equal(after.queries, before.queries)
    assert (before.scaling, after.scaling) == (8**-0.5, 1.0)
    np.testing.assert_allclose(after.attn_scores, before.queries @ before.keys.swapaxes(1, 2), atol=1e-5)
    np.testing.assert_allclose(after.attn_weights, softmax(after.attn_scores, after.visible), atol=1e-6)


def test_a_switch_for_one_layer_leaves_the_layers_below_alone(model_of: Any) -> None:
    before, after = trace(model_of("gpt2"), TEXT), trace(model_of("gpt2"), TEXT, [Unscaled(layer=1)])
    np.testing.assert_array_equal(after.attentions[0].attn_weights, before.attentions[0].attn_weights)
    assert np.abs(after.attentions[1].attn_weights - before.attentions[1].attn_weights).max() > 0.01


@pytest.mark.parametrize("name", ["gpt2", "llama", "mistral", "opt", "bart"])
def test_unmasked_lets_every_token_see_every_token(name: str, model_of: Any) -> None:
    target = "the dogs near the tree" if name == "bart" else None
    before, after = (own(trace(model_of(name), TEXT, switch, target))[0] for switch in ((), [Unmasked()]))
    assert not before.visible.all() and after.visible.all()
    np.testing.assert_array_equal(after.attn_scores, before.attn_scores)
    np.testing.assert_allclose(after.attn_weights, softmax(before.attn_scores, np.True_), atol=1e-6)


def test_a_painted_mask_replaces_the_models_own(model_of: Any) -> None:
    run = trace(model_of("gpt2"), TEXT)
    T = len(run.tokens)
    painted = np.random.default_rng(0).random((T, T)) < 0.5
    painted[2] = False  # a row that would see nothing keeps itself
    switch = OwnMask(tuple(tuple(bool(cell) for cell in row) for row in painted))
    after = trace(model_of("gpt2"), TEXT, [switch]).attentions[0]
    painted[2, 2] = True
    empty = ~painted.any(-1)
    painted[empty, empty] = True
    np.testing.assert_array_equal(after.visible, painted)
    np.testing.assert_allclose(after.attn_weights, softmax(run.attentions[0].attn_scores, painted), atol=1e-6)


def test_a_painted_mask_of_another_size_is_cut_or_goes_on_as_the_model_has_it(model_of: Any) -> None:
    model = model_of("gpt2")
    T = len(trace(model, TEXT).tokens)
    small = trace(model, TEXT, [OwnMask(((True, True),))]).attentions[0].visible
    expected = np.tril(np.ones((T, T), bool))
    expected[0, 1] = True
    np.testing.assert_array_equal(small, expected)
    large = trace(model, TEXT, [OwnMask(((True,) * 99,) * 99)]).attentions[0].visible
    assert large.shape == (T, T) and large.all()


def test_a_head_that_is_off_writes_nothing(model_of: Any) -> None:
    """What the layer adds without the head, by hand: the other heads' outputs through W_O."""
    model = model_of("gpt2")
    run = trace(model, TEXT, [HeadOff(layer=0, head=2)])
    attention = run.attentions[0]
    mixed = attention.attn_weights @ attention.values  # (H, T, D)
    assert np.abs(mixed[2]).max() > 0.01
    mixed[2] = 0
    weights = {key: value.numpy() for key, value in model.network.state_dict().items()}
    written = mixed.swapaxes(0, 1).reshape(len(run.tokens), 32) @ weights["transformer.h.0.attn.c_proj.weight"]
    middle = torch.tensor(run.hidden_states[0] + written + weights["transformer.h.0.attn.c_proj.bias"])
    block = model.network.transformer.h[0]
    with torch.no_grad():
        expected = middle + block.mlp(block.ln_2(middle))
    np.testing.assert_allclose(run.hidden_states[1], expected, atol=1e-5)


def test_heads_of_cross_attention_can_be_off_too(model_of: Any) -> None:
    plain = trace(model_of("bart"), TEXT, target_text="a fox")
    off = trace(model_of("bart"), TEXT, [HeadOff(0, 0, kind="cross")], target_text="a fox")
    np.testing.assert_array_equal(plain.encoder_hidden_states, off.encoder_hidden_states)
    assert np.abs(plain.logits - off.logits).max() > 1e-3


@pytest.mark.parametrize("switch", [HeadOff(0, 4), HeadOff(0, -1), HeadOff(2, 0), Unscaled(9), Unmasked(-1)])
def test_a_switch_that_finds_nothing_says_so(switch: Any, model_of: Any) -> None:
    with pytest.raises(ModelError) as refusal:
        trace(model_of("gpt2"), TEXT, [switch])
    assert refusal.value.code in ("no_such_head", "no_such_layer")


@pytest.mark.parametrize("name", ["gpt2", "opt", "bert", "roberta", "distilbert", "albert", "electra"])
def test_positions_off_equals_a_model_whose_table_is_zero(name: str, model_of: Any, folder_of: Any) -> None:
    """Zero the position table in a copy of the checkpoint; the copy with positions on is our model with them off."""
    from tests.model_utils.test_families import eager

    run = trace(model_of(name), TEXT, [PositionsOff()])
    network = type(model_of(name).network).from_pretrained(folder_of(name), attn_implementation="eager").eval()
    with torch.no_grad():
        tables = [value for key, value in network.state_dict().items() if "wpe" in key or "position" in key]
        for table in tables:
            if table.is_floating_point():
                table.zero_()
        logits = network(torch.tensor(run.token_ids[None])).logits[0]
    np.testing.assert_allclose(run.logits, logits, atol=1e-5)
    assert np.abs(run.logits - eager(run, folder_of(name), list(run.token_ids)).logits[0].numpy()).max() > 1e-3


@pytest.mark.parametrize("name", ["llama", "qwen2", "gemma2", "phi", "gpt_neox", "modernbert"])
def test_positions_off_turns_no_query(name: str, model_of: Any) -> None:
    """With no rotation the same word has the same query and key in layer 0, wherever it stands; with it, it has not."""
    plain, off = (trace(model_of(name), "cat cat cat cat", switch) for switch in ((), [PositionsOff()]))
    word = next(token for token in off.tokens if off.tokens.count(token) > 1)
    first, last = off.tokens.index(word), len(off.tokens) - 1 - off.tokens[::-1].index(word)
    np.testing.assert_allclose(off.attentions[0].queries[:, first], off.attentions[0].queries[:, last], atol=1e-6)
    assert np.abs(plain.attentions[0].queries[:, first] - plain.attentions[0].queries[:, last]).max() > 1e-3


def test_positions_off_takes_the_bias_from_t5(model_of: Any) -> None:
    run = trace(model_of("t5"), TEXT, [PositionsOff()], target_text="a fox")
    for attention in run.attentions:
        products = attention.queries @ attention.keys.swapaxes(1, 2)
        np.testing.assert_allclose(attention.attn_scores, products, atol=1e-5)


def test_positions_off_makes_bert_blind_to_order(model_of: Any) -> None:
    """Swapped words swap their hidden states and change nothing else: attention without positions sees a bag."""
    texts = ("the dogs near tree", "tree near dogs the")
    one, two = (trace(model_of("bert"), text, [PositionsOff()]) for text in texts)
    order = [0, 4, 3, 2, 1, 5]
    np.testing.assert_allclose(one.hidden_states[:, order], two.hidden_states, atol=1e-4)


@pytest.mark.parametrize("name", ALL)
def test_switches_leave_no_mark(name: str, model_of: Any) -> None:
    model = model_of(name)
    before = trace(model, TEXT)
    switches = [Unscaled(), Unmasked(), OwnMask(((True,),)), HeadOff(0, 1), PositionsOff()]
    broken = trace(model, TEXT, switches)
    after = trace(model, TEXT)
    assert broken.interventions == tuple(switches)
    assert np.abs(broken.hidden_states - before.hidden_states).max() > 1e-4
    np.testing.assert_array_equal(after.hidden_states, before.hidden_states)
