"""The live training: the leak is real, and its processes come, wait and go as promised."""

import math
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import torch

from model_utils.live_training import (
    FillingEvent,
    Progress,
    TrainingEvent,
    TrainingRequest,
    Workshop,
    follow,
    leave,
    look,
    read_event,
    start,
    write_event,
)
from model_utils.live_training.symbols import corpus, known_runs
from model_utils.live_training.transformer import TinyTransformer
from model_utils.live_training.two_arms import both_arms
from model_utils.live_training.two_losses import both_losses, filling_loss, spoilt

EVENT = TrainingEvent(True, 0, 0.1, 4.5, 4.4, "The <b> of", 0.5, ("The", "of"), ((1.0, 0.0), (0.4, 0.6)))
WORKER = f"""
import sys, time
sys.stdin.readline()
for number in range(COUNT):
    print({write_event(EVENT)!r}, flush=True)
    time.sleep(0.05)
"""


def _workshop(count: int, **limits: float) -> Workshop:
    """A workshop whose processes say EVENT `count` times, 20 a second, instead of training."""
    return Workshop(command=(sys.executable, "-c", WORKER.replace("COUNT", str(count))), **limits)


def _until(done: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def endless() -> Iterator[Workshop]:
    workshop = _workshop(10**6, idle=2.0)
    yield workshop
    for request, job in list(workshop.jobs.items()):
        for follower in list(job.followers):
            leave(workshop, request, follower)


def _begin(workshop: Workshop, request: TrainingRequest) -> None:
    """Start it and wait for its first event."""
    start(workshop, request, "me")
    _until(lambda: bool(follow(workshop, request, "me").events))


def _gone(workshop: Workshop, request: TrainingRequest) -> bool:
    """The process has ended and was collected: no zombie is left of it."""
    process = workshop.jobs[request].process
    return process is not None and process.returncode is not None


def test_an_event_survives_its_line() -> None:
    assert read_event(write_event(EVENT)) == EVENT
    assert "\n" not in write_event(EVENT)


def test_a_training_runs_to_its_end_and_is_remembered() -> None:
    workshop, request = _workshop(3), TrainingRequest()
    start(workshop, request, "me")
    _until(lambda: follow(workshop, request, "me").state == "finished")
    assert look(workshop, request) == Progress("finished", 0, 1, (EVENT, EVENT, EVENT))
    assert _gone(workshop, request)
    assert follow(workshop, request, "a later learner").state == "finished"


def test_what_nobody_started_is_not_there() -> None:
    assert look(Workshop(), TrainingRequest()) is None
    assert follow(Workshop(), TrainingRequest(), "me") is None


def test_stop_ends_the_process_at_once(endless: Workshop) -> None:
    request = TrainingRequest()
    _begin(endless, request)
    leave(endless, request, "me")
    assert look(endless, request).state == "stopped"
    _until(lambda: _gone(endless, request), 2.0)
    assert look(endless, request).events, "the curve drawn so far stays"


def test_a_stopped_training_stays_stopped_until_it_is_started_again(endless: Workshop) -> None:
    request = TrainingRequest()
    _begin(endless, request)
    leave(endless, request, "me")
    assert follow(endless, request, "me").state == "stopped"
    assert start(endless, request, "me") == Progress("waiting")
    _begin(endless, request)


def test_nobody_watching_ends_the_process(endless: Workshop) -> None:
    request = TrainingRequest()
    _begin(endless, request)
    _until(lambda: look(endless, request).state == "stopped", 6.0)
    _until(lambda: _gone(endless, request), 2.0)


def test_one_at_once_and_the_place_in_line_is_told(endless: Workshop) -> None:
    first, second, third = (TrainingRequest(seed=seed) for seed in range(3))
    _begin(endless, first)
    assert [start(endless, request, "other").place for request in (second, third)] == [1, 2]
    time.sleep(0.5)
    assert [endless.jobs[request].process for request in (second, third)] == [None, None]
    follow(endless, second, "other")
    leave(endless, first, "me")
    _until(lambda: follow(endless, second, "other").state == "running", 3.0)
    assert look(endless, third).place == 1


def test_equal_requests_are_one_training(endless: Workshop) -> None:
    request = TrainingRequest()
    _begin(endless, request)
    assert start(endless, request, "you").shared == 2
    assert len(endless.jobs) == 1
    leave(endless, request, "me")
    assert look(endless, request).state == "running", "you still watch it"


def test_a_full_line_says_so() -> None:
    workshop = _workshop(10**6, waiting=1, idle=1.0)
    requests = [TrainingRequest(seed=seed) for seed in range(3)]
    _begin(workshop, requests[0])
    assert [start(workshop, request, "me").state for request in requests[1:]] == ["waiting", "full"]
    for request in requests[:2]:
        leave(workshop, request, "me")


def test_a_process_that_says_nonsense_fails_and_goes() -> None:
    workshop, request = Workshop(command=(sys.executable, "-c", "print('hello'); input()")), TrainingRequest()
    start(workshop, request, "me")
    _until(lambda: look(workshop, request).state == "failed")
    _until(lambda: _gone(workshop, request), 2.0)


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467 "  # one emoji made of three, held together by joiners
IDEOGRAPHS = "".join(map(chr, range(0x4E00, 0x4E00 + 600)))


@pytest.mark.parametrize("text", ["a" * 600, FAMILY * 120, IDEOGRAPHS])
def test_any_long_enough_text_can_be_trained_on(text: str) -> None:
    """One symbol only, joined emoji, and six hundred characters that never come back."""
    events = list(both_arms(TrainingRequest(text=text, steps=1)))
    assert [event.masked for event in events] == [True, False]
    assert all(math.isfinite(event.loss) and math.isfinite(event.held_out) for event in events)


def test_a_text_is_cut_into_what_is_learnt_and_what_is_held_out() -> None:
    found = corpus("ab" * 500)
    assert (found.symbols, found.glue, found.context) == (("a", "b"), "", 48)
    assert len(found.train) + len(found.held_out) == 1000 and len(found.held_out) == 100
    assert known_runs([0, 1, 0, 1, 0], found) == 1.0 and known_runs([0, 1, 0, 0, 0], found) == 0.0


def test_without_the_mask_the_loss_is_magic_and_the_text_is_rubbish() -> None:
    """The claim of the lesson, in a real process: both arms, same seed, same batches, 160 steps."""
    workshop, request = Workshop(), TrainingRequest(steps=160, seconds=400)
    start(workshop, request, "me")
    _until(lambda: follow(workshop, request, "me").state not in ("waiting", "running"), 420.0)
    progress = look(workshop, request)
    assert progress.state == "finished"
    last = {event.masked: event for event in progress.events}
    assert {event.step for event in last.values()} == {160}
    assert last[False].loss < last[True].loss / 3, "it sees the word it is to say"
    assert last[False].held_out > 1.3 * last[True].held_out, "covered, it knows less"
    assert last[False].known_runs < last[True].known_runs - 0.2, "and writes rubbish"
    first = {event.masked: event for event in reversed(progress.events)}
    assert first[True].held_out == first[False].held_out, "both start from the same weights"
    _attention_of_both_arms(last[True], last[False])


def _attention_of_both_arms(masked: TrainingEvent, unmasked: TrainingEvent) -> None:
    """With the mask the future is exactly 0; without it every word looks most at the next one."""
    T = len(masked.symbols)
    assert all(masked.attn_weights[t][s] == 0.0 for t in range(T) for s in range(t + 1, T))
    peeks = [row[t + 1] == max(row) for t, row in enumerate(unmasked.attn_weights[:-1])]
    assert sum(peeks) >= T // 2, unmasked.attn_weights


FILLING = TrainingRequest(steps=1, experiment="filling")


def test_a_filling_event_survives_its_line() -> None:
    event = FillingEvent(True, 20, 1.5, 0.5, 3.0, 0.25, 0.75, ("a", "b"), (1,), ("c",), (0.125,))
    assert read_event(write_event(event)) == event


@pytest.mark.parametrize("text", ["a" * 600, FAMILY * 120, IDEOGRAPHS])
def test_gaps_of_any_long_enough_text_can_be_learnt(text: str) -> None:
    events = list(both_losses(TrainingRequest(text=text, steps=1, experiment="filling")))
    assert [event.everywhere for event in events] == [False, True]
    assert all(math.isfinite(event.loss) and math.isfinite(event.held_out) and event.gaps for event in events)


def test_the_recipe_of_the_live_training_keeps_its_shares() -> None:
    """Over many windows: 15 % chosen, of these 80 % covered, 10 % kept (and 1 in 1,000 replaced by itself)."""
    symbols, mask = torch.randint(1000, (2000, 16), generator=torch.Generator().manual_seed(1)), 1000
    found = spoilt(symbols, mask, torch.Generator().manual_seed(0))
    chosen, covered = found.chosen, found.read == mask
    assert chosen.any(dim=1).all() and (covered <= chosen).all()
    assert (found.read[~chosen] == symbols[~chosen]).all()
    without_forced = chosen[:, 1:].float().mean().item()
    assert without_forced == pytest.approx(0.15, abs=0.01)
    assert (covered.sum() / chosen.sum()).item() == pytest.approx(0.8, abs=0.02)
    kept = (found.read == symbols) & chosen
    assert (kept.sum() / chosen.sum()).item() == pytest.approx(0.1, abs=0.02)


def test_the_two_losses_are_means_over_other_places() -> None:
    torch.manual_seed(0)
    network = TinyTransformer(12, 6)
    windows = spoilt(torch.randint(11, (3, 6)), 11, torch.Generator().manual_seed(2))
    logits = network(windows.read, torch.ones(6, 6, dtype=torch.bool))
    each = torch.nn.functional.cross_entropy(logits.transpose(1, 2), windows.symbols, reduction="none")  # (B, T)
    assert filling_loss(network, windows, everywhere=True).item() == pytest.approx(each.mean().item(), abs=1e-5)
    counted = each[windows.chosen].mean().item()
    assert filling_loss(network, windows, everywhere=False).item() == pytest.approx(counted, abs=1e-5)


def test_the_process_runs_the_experiment_that_is_asked_for() -> None:
    workshop = Workshop()
    start(workshop, FILLING, "me")
    _until(lambda: follow(workshop, FILLING, "me").state not in ("waiting", "running"), 120.0)
    assert [event.everywhere for event in look(workshop, FILLING).events] == [False, True]
