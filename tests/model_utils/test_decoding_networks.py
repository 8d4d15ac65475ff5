"""A network as a function from tokens to logits: with its cache and without, counted, and the same as a trace."""

import threading

import pytest
import torch

from model_utils import load, trace
from model_utils.decoding import counting, networks
from model_utils.decoding.networks import KEPT, ends_of, forward, next_logits_of, read_out, room
from model_utils.reading import read
from tests.lessons import models


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return load(str(models.gpt2(tmp_path_factory.mktemp("small") / "gpt2")))


IDS = (1, 2, 3, 1, 4)


def test_the_cache_changes_nothing_and_is_left_as_it_was(small):
    whole, _ = forward(small, (*IDS, 5))
    _, cache = forward(small, IDS)
    first, _ = forward(small, (*IDS, 5), cache)
    other, _ = forward(small, (*IDS, 6), cache)
    again, _ = forward(small, (*IDS, 5), cache)
    torch.testing.assert_close(first, whole)
    torch.testing.assert_close(again, first, rtol=0, atol=0)
    assert (other - first).abs().max() > 1e-4
    plain, nothing = forward(small, (*IDS, 5), keep=False)
    torch.testing.assert_close(plain, whole)
    assert nothing is None


def test_the_logits_are_those_of_a_trace():
    meadow = load("meadow-gpt")
    text = "The dogs near the tree"
    ours = next_logits_of(meadow)(read(meadow, text).ids)
    torch.testing.assert_close(ours, torch.tensor(trace(meadow, text).logits[-1]), rtol=1e-4, atol=1e-3)


def test_each_beginning_is_computed_once_and_few_caches_are_kept(small, monkeypatch):
    calls = []
    monkeypatch.setattr(networks, "forward", lambda model, ids, cache=None: calls.append((ids, cache)) or
                        (torch.zeros(7), ids))  # fmt: skip
    heard = []
    next_logits = next_logits_of(small, lambda: heard.append(1))
    next_logits(IDS)
    next_logits((*IDS, 5))
    next_logits(IDS)
    assert [cache for _, cache in calls] == [None, IDS] and len(heard) == 2
    for token in range(KEPT):
        next_logits((token,))
    next_logits((*IDS, 5, 6))
    assert calls[-1][1] is None  # its parent's cache has gone, so the whole text is read again


def test_what_the_report_raises_stops_the_work(small):
    def leave() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        next_logits_of(small, leave)(IDS)


def test_the_multiplications_are_counted_by_thread(small):
    alone = counting.cost(small, IDS, 3, cached=False, measured=1)
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            forward(small, IDS)

    other = threading.Thread(target=busy)
    other.start()
    try:
        together = counting.cost(small, IDS, 3, cached=False, measured=1)
    finally:
        stop.set()
        other.join()
    assert (alone.multiplications == together.multiplications).all() and alone.ids == together.ids
    assert (alone.seconds > 0).all()


def test_the_counter_counts_products_of_matrices_only():
    with counting._Counter() as counter:
        a, b = torch.ones(3, 4), torch.ones(4, 5)
        _ = a @ b + 1
        torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 4, 5))
        torch.addmm(torch.ones(5), a, b)
        _ = a * 2
    assert counter.multiplications == 60 + 120 + 60


def test_ends_and_room(small):
    assert ends_of(small) == {0}
    assert room(small, IDS) == small.max_tokens - 5 and room(small, IDS * 99) == 0
    assert read_out(small, (1, 2)) == "the dogs"


@pytest.mark.parametrize("family", ["gpt2", "llama", "mistral", "gemma2", "gpt_neox"])
def test_the_cache_of_every_family_changes_nothing(model_of, family):
    model, ids = model_of(family), (5, 9, 11, 7, 30, 31)
    next_logits = next_logits_of(model)
    for length in range(3, len(ids) + 1):  # beyond a sliding window of three
        plain, _ = forward(model, ids[:length], keep=False)
        torch.testing.assert_close(next_logits(ids[:length]), plain, rtol=1e-4, atol=1e-5)
    costs = [counting.cost(model, ids, 3, cached=kept, measured=1) for kept in (True, False)]
    assert costs[0].ids == costs[1].ids
    assert (costs[0].multiplications[1:] < costs[1].multiplications[1:]).all()
