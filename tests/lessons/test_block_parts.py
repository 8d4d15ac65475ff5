"""What the block lesson asks of a run: pushes, units, lens, truth, counts, and the formulas with numbers in them."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lessons.block import counting, formula, lens, network, norms, stream, towards, units
from model_utils import Model, load, trace
from model_utils.meadow import next_word_probabilities
from tests.lessons import models
from tests.model_utils.families import FAMILIES

TEXT = "the dogs near the tree"
WORDS = {"counted": "{total} {own}", "share": "{share}", "no_truth": "none", "distances": "{first} {last}"}


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Model:
    return load(str(models.gpt2(tmp_path_factory.mktemp("models") / "gpt2")))


@pytest.fixture(scope="module")
def ours(model) -> tuple[network.Network, stream.Stream]:
    tables = network.read(model)
    return tables, stream.stream(tables, trace(model, TEXT))


def test_the_pushes_add_up_to_the_models_logit(model, ours):
    logits = trace(model, TEXT).logits
    for place, word in ((4, None), (2, 3)):
        found = towards.pushes(*ours, place, word)
        assert word is not None or found.word == logits[place].argmax()
        above = logits[place, found.word] - logits[place].mean()
        assert found.parts.sum() + found.shift == pytest.approx(above, abs=1e-4)
        assert found.logit == pytest.approx(above, abs=1e-4)


def test_the_units_are_the_models_own_and_add_up_to_what_the_mlp_adds(model, ours):
    tables, found = ours
    seen = {}
    hooks = [
        model.network.transformer.h[1].mlp.act.register_forward_hook(lambda _, given, made: seen.update(h=made[0]))
    ]
    trace(model, TEXT)
    [hook.remove() for hook in hooks]
    opened = units.units(tables, found, layer=1, place=3)
    np.testing.assert_allclose(opened.activations, seen["h"][3], atol=1e-5)
    assert opened.firing == int((seen["h"][3] > 0).sum())
    table = model.network.transformer.h[1].mlp.c_proj
    written = torch.tensor(opened.activations)[:, None] * table.weight.detach()
    np.testing.assert_allclose(opened.lengths, written.norm(dim=1), atol=1e-5)
    added = written.sum(dim=0) + table.bias.detach()
    np.testing.assert_allclose(found.added[found.names.index(("mlp", 1)), 3], added, atol=1e-5)


def test_the_words_of_a_unit_are_those_whose_logits_its_vector_moves_most(model, ours):
    opened = units.units(*ours, layer=0, place=4)
    body = model.network.transformer
    written = (
        opened.activations[opened.strongest, None] * body.h[0].mlp.c_proj.weight.detach().numpy()[opened.strongest]
    )
    with torch.no_grad():  # the slope of the logits along that vector, at a state whose spread is 1
        vector = torch.tensor(written)
        moved = model.network.lm_head((vector - vector.mean(dim=1, keepdim=True)) * body.ln_f.weight)
    np.testing.assert_array_equal(opened.towards[:, 0], moved.argmax(dim=1))
    np.testing.assert_array_equal(opened.away[:, 0], moved.argmin(dim=1))


def test_the_lens_reads_each_layer_as_the_model_reads_its_last(model, ours):
    run, found = trace(model, TEXT), lens.lens(*ours)
    body = model.network
    with torch.no_grad():
        states = torch.tensor(run.hidden_states)  # the last one has passed the final norm
        expected = torch.stack([*body.lm_head(body.transformer.ln_f(states[:-1])), body.lm_head(states[-1])])
        probs = torch.softmax(expected, dim=-1)  # (L+1, T, V)
    np.testing.assert_array_equal(found.ids[..., 0], probs.argmax(dim=-1).T)
    np.testing.assert_allclose(found.probs[..., 0], probs.amax(dim=-1).T, atol=1e-5)
    np.testing.assert_allclose(found.last, probs[:, -1], atol=1e-5)
    np.testing.assert_allclose(found.logits, run.logits[-1], atol=1e-5)
    assert found.first == 0 and np.allclose(found.last.sum(axis=1), 1)


def test_of_a_long_text_the_last_places_are_read(model):
    tables, run = network.read(model), trace(model, " ".join(["dogs"] * 30))
    found = lens.lens(tables, stream.stream(tables, run))
    assert found.first == 30 - lens.PLACES and len(found.ids) == lens.PLACES


def test_the_truth_is_meadows_at_every_place():
    run = SimpleNamespace(text="The dogs near", spans=((0, 3), (3, 8), (8, 13)))
    vocabulary = [
        f" {word}" for after in ("The", "The dogs", "The dogs near") for word in next_word_probabilities(after)
    ]
    found = lens.truth(run, list(dict.fromkeys(vocabulary)), first=1)
    expected = next_word_probabilities("The dogs near")
    assert found.words[-1] == max(expected, key=expected.get) and found.probs[-1] == max(expected.values())
    assert found.last.sum() == pytest.approx(1) and len(found.words) == 2
    assert lens.truth(SimpleNamespace(text="Zzz", spans=((0, 3),)), [], first=0) is None


def test_words_about_the_truth(ours):
    found = lens.lens(*ours)
    same = lens.Truth(("a",), np.array([1.0]), found.last[-1])
    assert lens.in_words(found, same, WORDS).endswith(" 0") and lens.in_words(found, None, WORDS) == "none"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_parameter_of_every_family_is_counted_once(family):
    theirs = FAMILIES[family][0]()
    own = theirs.num_parameters()
    found = counting.count(SimpleNamespace(network=theirs, parameters=own))
    assert found.total == own == found.own
    counts = dict(zip(counting.PARTS, found.counts, strict=True))
    assert counts["embedding"] and counts["attention"] and counts["mlp"] and counts["norm"]
    layers = [module for module in theirs.modules() if isinstance(module, torch.nn.LayerNorm)]
    if layers:
        assert counts["norm"] == sum(parameter.numel() for layer in layers for parameter in layer.parameters())
    assert 0.2 < found.share_of_mlp < 0.8 and counting.in_words(found, WORDS).startswith(f"{own:,} {own:,}")


def test_the_formula_of_gpt2s_block_counts_its_parameters(model):
    attention, mlp, both = counting.shape(model).of_block()
    block = model.network.transformer.h[0]
    expected = (block.attn, block.mlp, torch.nn.ModuleList([block.ln_1, block.ln_2]))
    assert [attention, mlp, both] == [sum(p.numel() for p in part.parameters()) for part in expected]
    assert f"{mlp:,}".replace(",", r"\,") in formula.worked_count(counting.shape(model))
    llama = SimpleNamespace(network=SimpleNamespace(config=SimpleNamespace(model_type="llama")))
    assert counting.shape(llama) is None


def test_a_vector_through_the_norm_is_the_models_own(model, ours):
    block = model.network.transformer.h[1]
    found = norms.normalised(*ours, layer=1, place=2, times=10)
    with torch.no_grad():
        expected = block.ln_1(torch.tensor(found.before))
    np.testing.assert_allclose(found.after, expected, atol=1e-5)
    np.testing.assert_allclose(found.before, 10 * trace(model, TEXT).hidden_states[1][2], atol=1e-4)
    written = formula.worked_norm(found)
    assert formula.latex(float(found.after[0])) in written and formula.latex(float(found.normal[0])) in written


@torch.no_grad()
def test_the_stages_are_the_two_orders_written_out(model, ours):
    pre, post = norms.stages(*ours, layer=1, place=4, f="F")
    block, x = model.network.transformer.h[1], torch.tensor(trace(model, TEXT).hidden_states[1])
    visible = torch.ones(5, 5, dtype=torch.bool).tril()
    mask = torch.zeros(1, 1, 5, 5).masked_fill(~visible, torch.finfo(torch.float32).min)

    def attend(states: torch.Tensor) -> torch.Tensor:
        return block.attn(states[None], attention_mask=mask)[0][0]

    def normal(states: torch.Tensor) -> torch.Tensor:
        return F.layer_norm(states, (32,), block.ln_1.weight, block.ln_1.bias, block.ln_1.eps)

    expected = (x, normal(x), attend(normal(x)), x + attend(normal(x)))
    expected += (x, attend(x), x + attend(x), normal(x + attend(x)))
    for stage, states in zip((*pre, *post), expected, strict=True):
        np.testing.assert_allclose(stage.vector, states[4], atol=1e-5)


def test_the_sum_written_out_holds_every_push(ours):
    found = towards.pushes(*ours, place=4)
    written = formula.worked_sum(ours[1].names, found)
    for value in (*found.parts, found.shift, found.logit):
        assert formula.latex(float(value)) in written
    deep = tuple((part, layer) for layer in range(9) for part in ("attention", "mlp"))
    many = towards.Pushes(0, np.arange(18.0), 0.0, 153.0)
    assert r"(a_{8} + m_{8})" in formula.worked_sum(deep, many) and "33" in formula.worked_sum(deep, many)
