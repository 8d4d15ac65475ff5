"""The attention lesson: its few lines equal PyTorch and the model's own tensors; its figures hold what they claim."""

import itertools
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import read
from lessons.attention import figures, formula, maths, steps, tables
from model_utils import Model, Trace, Unscaled, trace

T, S, C, D, H = 5, 7, 24, 8, 3
SOFTMAX = torch.softmax


@pytest.fixture
def vectors() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.randn(H, length, D, generator=generator) for length in (T, S, S))


def test_attention_is_pytorchs_own(vectors):
    queries, keys, values = vectors
    weights = maths.attention_weights(queries, keys)
    expected = F.scaled_dot_product_attention(queries, keys, values)
    torch.testing.assert_close(maths.weighted_sum(weights, values), expected, atol=1e-6, rtol=1e-5)


def test_a_mask_is_pytorchs_own(vectors):
    queries, keys, values = vectors
    visible = torch.ones(T, S, dtype=torch.bool).tril()
    weights = maths.attention_weights(queries, keys, visible)
    assert (weights.masked_select(~visible) == 0).all(), "what is hidden must get exactly nothing"
    expected = F.scaled_dot_product_attention(queries, keys, values, attn_mask=visible)
    torch.testing.assert_close(maths.weighted_sum(weights, values), expected, atol=1e-6, rtol=1e-5)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=20))
def test_softmax_is_pytorchs_own_and_never_overflows(row):
    scores = torch.tensor(row)
    ours = maths.softmax(scores)
    torch.testing.assert_close(ours, SOFTMAX(scores, dim=-1), atol=1e-6, rtol=1e-5)
    assert math.isclose(ours.sum().item(), 1, abs_tol=1e-5)


def test_the_scores_are_dot_products_over_the_root_of_the_width(vectors):
    queries, keys, _ = vectors
    scores = maths.scaled(maths.dot_products(queries, keys), D)
    by_hand = sum(queries[1, 2, c] * keys[1, 4, c] for c in range(D)) / D**0.5
    torch.testing.assert_close(scores[1, 2, 4], by_hand, atol=1e-5, rtol=1e-5)


def test_projections_are_linear_layers():
    layers = [torch.nn.Linear(C, D) for _ in range(3)]
    states = torch.randn(T, C)
    ours = maths.projections(states, *zip(*((layer.weight.T, layer.bias) for layer in layers), strict=True))
    for mine, layer in zip(ours, layers, strict=True):
        torch.testing.assert_close(mine, layer(states), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize(
    ("row", "bits"),
    [([1.0, 0, 0, 0], 0.0), ([0.5, 0.5, 0, 0], 1.0), ([0.25] * 4, 2.0), ([0.5, 0.25, 0.125, 0.125], 1.75)],
)
def test_entropy_counts_bits(row, bits):
    assert maths.row_entropy(torch.tensor([row])).item() == pytest.approx(bits, abs=1e-6)


def test_responsiveness_is_the_trace_of_softmaxs_jacobian():
    scores = torch.tensor([0.3, -1.0, 2.0, 0.1])
    jacobian = torch.autograd.functional.jacobian(lambda s: SOFTMAX(s, dim=-1), scores)
    ours = maths.responsiveness(maths.softmax(scores).unsqueeze(0))
    torch.testing.assert_close(ours[0], jacobian.trace())


def test_contributions_are_lengths_of_weighted_values(vectors):
    queries, keys, values = vectors
    weights = maths.attention_weights(queries, keys)
    expected = (weights.unsqueeze(-1) * values.unsqueeze(-3)).norm(dim=-1)
    torch.testing.assert_close(maths.contributions(weights, values), expected)


def test_asymmetry_compares_both_directions():
    scores = torch.randn(4, 4)
    difference = maths.asymmetry(scores)
    torch.testing.assert_close(difference[1, 3], scores[1, 3] - scores[3, 1])
    assert maths.asymmetry(scores @ scores.T).abs().max() < 1e-5, "with one projection for both, nothing would differ"


def test_wider_random_vectors_continue_narrower_ones():
    wide, narrow = maths.random_vectors(400, 512, seed=3), maths.random_vectors(400, 16, seed=3)
    torch.testing.assert_close(wide[:, :16], narrow)
    assert wide.var().item() == pytest.approx(1, abs=0.02) and wide.mean().item() == pytest.approx(0, abs=0.01)


TEXT = "the dogs near the tree"


@pytest.fixture(scope="module", params=["gpt2", "bert"])
def model_and_run(request, models_on_disk) -> tuple[Model, Trace]:
    model = models_on_disk[request.param]
    return model, trace(model, TEXT)


@pytest.fixture(scope="module")
def run(models_on_disk) -> Trace:
    return trace(models_on_disk["gpt2"], TEXT)


def test_the_steps_are_the_models_own_tensors(model_and_run):
    _, run = model_and_run
    for layer, attention in enumerate(run.attentions):
        for head, place in itertools.product(range(4), range(len(run.tokens))):
            found = steps.steps(run, layer, head, place)
            seen = attention.visible[place]
            np.testing.assert_allclose(found.weights, attention.attn_weights[head, place], atol=1e-6)
            np.testing.assert_allclose(found.products[seen] * found.scaling, found.scores[seen], atol=1e-5)
            assert np.isneginf(found.scores[~seen]).all() and found.only_scaled
            np.testing.assert_allclose(found.output, found.weights @ attention.values[head], atol=1e-6)


def test_the_output_of_the_heads_is_what_the_model_adds_up(models_on_disk):
    """All heads' weighted sums, through the output projection, are what GPT-2's attention module returns."""
    model = models_on_disk["gpt2"]
    run, place = trace(model, TEXT), 4
    heads = np.concatenate([steps.steps(run, 0, head, place).output for head in range(4)])
    block = model.network.transformer.h[0]
    with torch.no_grad():
        expected = block.attn(block.ln_1(torch.from_numpy(run.hidden_states[0])[None]))[0][0, place]
        ours = block.attn.c_proj(torch.from_numpy(heads))
    torch.testing.assert_close(ours, expected, atol=1e-5, rtol=1e-4)


def test_the_tables_make_the_models_own_queries_keys_and_values(model_and_run):
    model, run = model_and_run
    for layer, head in itertools.product(range(2), range(4)):
        made = tables.projected(model, run, layer, head)
        assert made.difference < 1e-5
        np.testing.assert_allclose(made.queries, run.attentions[layer].queries[head], atol=1e-5)


def test_a_network_of_another_shape_has_no_tables_to_show(model_and_run):
    model, run = model_and_run
    network = SimpleNamespace(config=SimpleNamespace(model_type="llama"))
    assert tables.projected(replace(model, network=network), run, 0, 0) is None


def test_a_position_term_is_noticed(run):
    attention = run.attentions[0]
    bent = replace(attention, attn_scores=attention.attn_scores + 1)
    assert not steps.steps(replace(run, attentions=(bent,)), 0, 0, 1).only_scaled


def test_the_first_row_of_a_causal_model_has_no_choice(run):
    bits = steps.entropy(run.attentions[0].attn_weights)
    assert bits.shape == (4, 5) and np.allclose(bits[:, 0], 0, atol=1e-6)
    assert (bits <= np.log2(np.arange(1, 6)) + 1e-5).all()


def test_the_toy_is_attention_and_stays_inside_the_triangle():
    generator = np.random.default_rng(1)
    queries, keys, values = generator.normal(size=(3, 3, 2)) * 2
    weights, outputs = steps.toy(np.hstack([queries, keys, values]).astype(np.float32))
    expected = F.scaled_dot_product_attention(*(torch.from_numpy(part).float() for part in (queries, keys, values)))
    np.testing.assert_allclose(outputs, expected, atol=1e-5)
    corners = np.vstack([values.T, np.ones(3)])
    mixtures = np.linalg.solve(corners, np.vstack([outputs.T, np.ones(3)]))
    assert (mixtures >= -1e-5).all(), "an output is a mixture of the values"
    np.testing.assert_allclose(mixtures.T, weights, atol=1e-4)


def test_only_without_the_division_does_softmax_saturate():
    found = steps.saturation()
    assert found.entropy_scaled.min() > 2.3, "of at most 3 bits over 8 keys"
    assert found.entropy_unscaled[-1] < 0.4 and found.response_unscaled[-1] < 0.15
    assert (np.diff(found.entropy_unscaled) < 0).all()
    with_scaling, without = steps.random_weights(64)
    assert with_scaling.sum() == pytest.approx(1) and without.max() > with_scaling.max()


def test_the_formula_holds_the_runs_numbers(run):
    found = steps.steps(run, 1, 2, 4)
    written = formula.worked(found, 2)
    for value in (found.products[2], found.scores[2], found.weights[2], found.query[0], found.keys[2, 0]):
        assert formula.latex(value) in written
    assert r"\sqrt{8}" in written and "q_{4}" in written and "k_{2}" in written


def test_the_formula_says_what_the_mask_hides(run):
    assert r"-\infty" in formula.worked(steps.steps(run, 0, 0, 1), key=3)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.5, "0.5"), (1234.0, r"1.23\times 10^{3}"), (1.2e-7, r"1.2\times 10^{-7}"), (-math.inf, r"-\infty"), (-2, "-2")],
)
def test_numbers_are_written_as_people_write_them(value, written):
    assert formula.latex(value) == written


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_figure_holds_the_tensor_it_claims(run, language):
    words, theme = read("attention", language).labels, "light"
    attention, found = run.attentions[1], steps.steps(run, 1, 2, 3)
    table = figures.steps_figure(run.tokens, found, words, theme)
    for drawn, computed in zip(
        table.data, (found.products, found.scores, found.weights, found.contributions), strict=True
    ):
        np.testing.assert_array_equal(drawn.z[:, 0], np.where(np.isfinite(computed), computed, np.nan))
    bits = steps.entropy(attention.attn_weights[2])
    whole = figures.weights_figure(run.tokens, attention.attn_weights[2], bits, words, theme)
    np.testing.assert_array_equal(whole.data[0].z, attention.attn_weights[2])
    np.testing.assert_array_equal(whole.data[1].x, bits)
    scores = attention.attn_scores[2]
    difference = steps.score_asymmetry(scores)
    assert figures.asymmetry_figure(run.tokens, difference, words, theme).data[0].z[3, 1] == scores[3, 1] - scores[1, 3]


def test_the_figures_of_the_toy_and_of_saturation_hold_their_numbers():
    words = read("attention", "en").labels
    values, outputs = np.array([[0.0, 2.0], [-2.0, -1.0], [2.0, -1.0]]), np.zeros((3, 2))
    plane = figures.plane_figure(("dogs", "near", "tree"), values, outputs, words, "dark")
    np.testing.assert_array_equal(plane.data[1].y, values[:, 1])
    np.testing.assert_array_equal(plane.data[2].x, outputs[:, 0])
    assert plane.data[1].text == ("dogs", "near", "tree") and plane.data[2].text == ("dogs, near, tree", "", "")
    found = steps.saturation()
    curves = figures.saturation_figure(found, words, "dark")
    drawn = (found.entropy_scaled, found.entropy_unscaled, found.response_scaled, found.response_unscaled)
    for curve, computed in zip(curves.data, drawn, strict=True):
        np.testing.assert_array_equal(curve.y, computed)


def test_the_strips_are_one_words_state_and_its_three_projections(models_on_disk, run):
    words = read("attention", "en").labels
    made = tables.projected(models_on_disk["gpt2"], run, 0, 1)
    strips = figures.strips_figure(made, 3, words, "dark")
    for strip, vectors in zip(strips.data, (made.states, made.queries, made.keys, made.values), strict=True):
        np.testing.assert_array_equal(strip.z[0], vectors[3])


def test_without_the_division_the_live_model_looks_harder(models_on_disk, run):
    broken = trace(models_on_disk["gpt2"], TEXT, (Unscaled(),))
    intact_bits, broken_bits = steps.layer_entropies(run), steps.layer_entropies(broken)
    assert (broken_bits < intact_bits).all()
    assert intact_bits[0] == pytest.approx(steps.entropy(run.attentions[0].attn_weights).mean())
    bars = figures.layer_entropy_figure(intact_bits, broken_bits, read("attention", "en").labels, "light")
    np.testing.assert_array_equal(bars.data[1].x, broken_bits)


def test_both_directions_are_the_models_scores(run):
    scores = run.attentions[0].attn_scores[1]
    written = formula.both_directions(scores, 4, 1)
    assert formula.latex(scores[4, 1]) in written and formula.latex(scores[1, 4]) in written
