"""The heads lesson: its few lines equal model_utils/training/heads.py, PyTorch and the networks' own modules."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lessons.heads import formula, lists, maths, output, steps, switching
from model_utils import HeadOff, Model, ModelError, Trace, load, trace
from model_utils.training import heads as measured
from tests.lessons import models
from tests.model_utils.families import write

TEXT, REPEATS = "the dogs near the tree", "the dogs near tree the dogs near"
L, B, H, T = 3, 6, 4, 11


@pytest.fixture
def weights() -> torch.Tensor:
    """Random causal weights of a batch: (L, B, H, T, T)."""
    scores = torch.randn(L, B, H, T, T, generator=torch.Generator().manual_seed(0))
    return scores.masked_fill(~torch.ones(T, T, dtype=torch.bool).tril(), -torch.inf).softmax(dim=-1)


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Model:
    return load(str(models.gpt2(tmp_path_factory.mktemp("models") / "gpt2")))


@pytest.fixture(scope="module")
def run(model) -> Trace:
    return trace(model, REPEATS)


def ids(seed: int = 0) -> torch.Tensor:
    """A text in which words come again: (T,)."""
    return torch.randint(0, 5, (T,), generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("seed", range(4))
def test_the_scores_are_those_of_the_models_card(weights, seed):
    token_ids, one = ids(seed), weights[:, :1]  # (L, 1, H, T, T)
    expected = {
        "previous": measured.previous_token(one),
        "first": measured.first_token(one),
        "same": measured.same_token(one, token_ids[None]),
    }
    for name, scores in expected.items():
        torch.testing.assert_close(maths.head_score(one[:, 0], steps.CELLS[name](token_ids)), scores)


@pytest.mark.parametrize("period", [2, 4, 5])
def test_the_induction_score_is_that_of_the_models_card(weights, period):
    other = weights.flip(1)
    torch.testing.assert_close(maths.induction(weights, other, period), measured.induction(weights, other, period))


def test_on_a_list_said_twice_the_rule_names_the_stripe_that_is_measured(weights):
    period, token_ids = 4, torch.tensor([9, 8, 7, 0, 1, 2, 3, 0, 1, 2, 3])
    cells = maths.induction_cells(token_ids)
    torch.testing.assert_close(maths.head_score(weights, cells), maths.looks_back(weights, period - 1, period))
    assert cells.nonzero().tolist() == [[7, 4], [8, 5], [9, 6], [10, 7]]


@pytest.mark.parametrize("seed", range(6))
def test_the_rules_word_by_word(seed):
    token_ids = ids(seed).tolist()
    found = {name: cells(torch.tensor(token_ids)) for name, cells in steps.CELLS.items()}
    for i, j in itertools.product(range(T), range(T)):
        copies = [place for place in range(i) if token_ids[place] == token_ids[i]]
        assert found["previous"][i, j] == (i >= 2 and j == i - 1)
        assert found["first"][i, j] == (i >= 1 and j == 0)
        assert found["same"][i, j] == (j in copies)
        assert found["induction"][i, j] == (bool(copies) and j == copies[-1] + 1 and j < i)


def test_a_text_without_repetition_has_nothing_to_measure(model):
    found = {role.name: role for role in steps.roles(trace(model, "the dogs near tree"))}
    assert found["previous"].measurable and not found["induction"].measurable
    assert np.isnan(found["same"].scores).all()


def test_one_token_has_no_role_and_no_error(model):
    assert not any(role.measurable for role in steps.roles(trace(model, "dogs")))


def test_the_best_heads_come_first(run):
    for role in steps.roles(run):
        found = [role.scores[head] for head in role.best]
        assert found == sorted(found, reverse=True) and found[0] == role.scores.max()


def test_rollout_is_the_product_of_the_half_steps(run):
    product = np.eye(len(run.tokens))
    for layer, attention in enumerate(run.attentions):
        step = 0.5 * np.mean(attention.attn_weights, axis=0) + 0.5 * np.eye(len(run.tokens))
        product = step @ product
        np.testing.assert_allclose(steps.rolled(run, layer), product, atol=1e-6)
        np.testing.assert_allclose(steps.rolled(run, layer).sum(axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(steps.averaged(run, layer), attention.attn_weights.mean(axis=0), atol=1e-6)


FAMILIES = ("gpt2", "bert", "roberta", "distilbert", "albert", "electra", "modernbert", "llama", "qwen2", "gemma2",
            "phi", "gpt_neox", "opt")  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_the_sum_over_heads_is_the_networks_own_output(family, tmp_path):
    """Seen by a hook on the network's projection: all heads side by side go in, their sum comes out."""
    model = load(str(write(family, tmp_path / family)))
    run = trace(model, TEXT)
    for layer in range(2):
        found = output.output(model, run, layer)
        seen = []
        hook = found.module.register_forward_hook(lambda _, given, out, seen=seen: seen.append((given[0], out)))
        trace(model, TEXT)
        hook.remove()
        given, own = (each[0] for each in seen[layer if len(seen) > 1 else 0])  # ALBERT: one module, every layer
        attention = run.attentions[layer]
        heads = torch.from_numpy(attention.attn_weights) @ torch.from_numpy(attention.values)  # (H, T, D)
        torch.testing.assert_close(torch.cat(heads.unbind(0), dim=-1), given, atol=1e-5, rtol=1e-4)
        for way in (maths.sum_over_heads, maths.concat_then_project):
            torch.testing.assert_close(way(heads, found.slices, found.bias), own, atol=1e-5, rtol=1e-5)
        place = len(run.tokens) - 1
        parts = output.summands(run, layer, place, found)
        np.testing.assert_allclose(parts.total, own[place], atol=1e-5)
        np.testing.assert_allclose(parts.heads.sum(axis=0) + parts.bias, parts.whole, atol=1e-5)
        assert parts.difference < 1e-5


def test_a_network_without_such_a_table_is_told_apart(model, run):
    strange = replace(model, attention_kinds={torch.nn.Identity(): "self"})
    assert output.output(strange, run, 0) is None


def test_lengths_are_those_of_the_weighted_vectors(model, run):
    found, attention = output.output(model, run, 1), run.attentions[1]
    vectors = np.einsum("hsd,hdc->hsc", attention.values, found.slices.numpy())
    weighted = attention.attn_weights[..., None] * vectors[:, None]  # (H, T, S, C)
    summed = np.linalg.norm(weighted.sum(axis=0), axis=-1)
    np.testing.assert_allclose(output.layer_lengths(run, 1, found), summed, atol=1e-5)
    np.testing.assert_allclose(output.shares(summed).sum(axis=1), 1, atol=1e-5)
    for head, place in itertools.product(range(4), (0, 3, 6)):
        row = output.handed(run, 1, head, place, found)
        np.testing.assert_allclose(row.weights * row.lengths, np.linalg.norm(weighted[head, place], axis=-1), atol=1e-5)
        longest = np.linalg.norm(vectors[head, : place + 1], axis=-1).max()
        np.testing.assert_allclose(row.relative * longest, row.weights * row.lengths, atol=1e-5)


def test_the_first_token_is_hidden_from_all_but_itself(run):
    hidden = np.array(steps.without_first(run))
    assert hidden[0].tolist() == [True] + [False] * (len(run.tokens) - 1)
    assert not hidden[1:, 0].any()
    np.testing.assert_array_equal(hidden[1:, 1:], run.attentions[0].visible[1:, 1:])


def test_a_sweep_switches_each_head_off_once(model, run):
    reported = []
    swept = switching.sweep(model, run, (0, 1), lambda fraction, stage: reported.append(fraction))
    probs = torch.from_numpy(run.logits[-1]).double().softmax(dim=0)
    assert swept.word.token_id == int(probs.argmax()) and not swept.word.from_truth
    assert swept.word.probability == pytest.approx(probs.max().item(), abs=1e-6)
    for layer, head in itertools.product(range(2), range(4)):
        broken = trace(model, REPEATS, (HeadOff(layer, head),)).logits[-1]
        expected = torch.from_numpy(broken).double().softmax(dim=0)[swept.word.token_id].item()
        assert swept.probs[layer, head] == pytest.approx(expected, abs=1e-6)
        assert swept.changes[layer, head] == pytest.approx(expected - probs.max().item(), abs=1e-6)
    assert reported == [at / 8 for at in range(8)]
    assert abs(swept.changes[swept.largest]) == np.abs(swept.changes).max()


def test_a_sweep_of_one_layer_keeps_its_number(model, run):
    swept = switching.sweep(model, run, (1,), lambda fraction, stage: None)
    assert swept.probs.shape == (1, 4) and swept.largest[0] == 1


@pytest.mark.parametrize(
    ("parameters", "extent"), [(1_000_000, "all"), (124_000_000, "all"), (5 * 10**9, "one"), (10**12, "none")]
)
def test_a_large_model_is_swept_in_part(run, parameters, extent):
    assert switching.extent(run, parameters) == extent


def test_a_long_text_makes_a_middling_model_large(run):
    tokens = run.tokens * 10
    assert switching.extent(replace(run, tokens=tokens), 124_000_000) == "one"


def test_lists_are_measured_on_the_networks_own_attention(model):
    """The little model knows six words: its lists hold three, said twice."""
    reported = []
    knows = replace(model, vocabulary=("<unk>", *(f" word{letter}" for letter in "abcdef")))
    found = lists.measure(knows, 3, 1, lambda fraction, stage: reported.append(fraction), count=20)
    twice, once = measured.random_lists([], range(1, 7), 20, 3, 1)
    weights = []
    for token_ids in (twice.long(), once.long()):
        seen = []
        hooks = [
            block.attn.register_forward_hook(lambda _, given, out, seen=seen: seen.append(out[1]))
            for block in model.network.transformer.h
        ]
        with torch.no_grad():
            logits = model.network(input_ids=token_ids).logits
        _ = [hook.remove() for hook in hooks]
        weights.append((torch.stack(seen), logits))
    expected = measured.induction(weights[0][0], weights[1][0], 3)
    np.testing.assert_allclose(found.scores, expected, atol=1e-6)
    np.testing.assert_allclose(found.maps, weights[0][0][:, 0], atol=1e-6)
    probs = weights[0][1].softmax(dim=-1)  # (B, 6, V): from places 3 and 4 the words at 4 and 5 follow
    right = [probs[row, place, int(twice[row, place + 1])].item() for row in range(20) for place in (3, 4)]
    assert found.foretold == pytest.approx(np.mean(right), abs=1e-6)
    assert reported == sorted(reported) and len(found.tokens) == 6


def test_too_few_words_and_other_kinds_are_told_apart(model, tmp_path):
    assert lists.measure(model, 4, 0, lambda fraction, stage: None) == ()
    encoder = load(str(models.bert(Path(tmp_path) / "bert")))
    with pytest.raises(ModelError, match="other_kind"):
        lists.measure(encoder, 4, 0, lambda fraction, stage: None)


def test_a_large_model_reads_fewer_lists():
    assert lists.affordable(1_100_000, 11) == lists.MOST
    assert lists.FEWEST <= lists.affordable(124_000_000, 9) < lists.MOST
    assert lists.affordable(10**11, 9) == lists.FEWEST


def test_the_formula_holds_the_runs_numbers(model, run):
    role = next(role for role in steps.roles(run) if role.name == "induction")
    (layer, head), *_ = role.best
    weights = run.attentions[layer].attn_weights[head]
    written = formula.score(role, weights)
    assert formula.latex(float(role.scores[layer, head])) in written
    assert "a_{4,1}" in written and formula.latex(weights[4, 1]) in written
    found = output.output(model, run, 0)
    row = output.handed(run, 0, 1, 6, found)
    assert formula.latex(row.weights[0] * row.lengths[0]) in formula.length(row, 0)
    parts = output.summands(run, 0, 2, found)
    assert f"= {formula.latex(parts.total[0])}" in formula.coordinate(parts, 2)
