"""The next token's distribution: the whole vocabulary, equal to PyTorch's softmax, stable where float32 is not."""

import numpy as np
import torch

from model_utils.decoding import next_token_distribution, top


def test_it_is_the_softmax_over_every_token() -> None:
    logits = np.random.default_rng(0).normal(0, 5, 50_257).astype(np.float32)
    probs = next_token_distribution(logits)
    np.testing.assert_allclose(probs, torch.softmax(torch.tensor(logits).double(), 0), rtol=1e-12)
    assert probs.dtype == np.float64 and abs(probs.sum() - 1) < 1e-12


def test_huge_logits_do_not_overflow() -> None:
    probs = next_token_distribution(np.array([1e4, 1e4, -1e4], dtype=np.float32))
    np.testing.assert_array_equal(probs, [0.5, 0.5, 0])


def test_the_top_is_sorted_and_equals_keep_their_order() -> None:
    probs = np.array([0.1, 0.4, 0.1, 0.4])
    assert top(probs, ("a", "b", "c", "d"), 3) == [("b", 0.4, 1), ("d", 0.4, 3), ("a", 0.1, 0)]
    assert len(top(probs, ("a", "b", "c", "d"), 99)) == 4 and top(probs, ("a", "b", "c", "d"), -1) == []
