"""The attention lesson: its few lines equal PyTorch and the model's own tensors; its figures hold what they claim."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from lessons.attention import figures, formula, maths, steps
from model_utils.types import AttentionTrace, Trace

T, S, C, D, H = 5, 7, 24, 8, 3
SOFTMAX = torch.softmax


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


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
    layers = [torch.nn.Linear(C, D, bias=False) for _ in range(3)]
    states = torch.randn(T, C)
    ours = maths.projections(states, *(layer.weight.T for layer in layers))
    for mine, layer in zip(ours, layers, strict=True):
        torch.testing.assert_close(mine, layer(states), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize(
    ("row", "bits"), [([1.0, 0, 0, 0], 0.0), ([0.5, 0.5, 0, 0], 1.0), ([0.25] * 4, 2.0), ([0.5, 0.25, 0.125, 0.125], 1.75)]
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
