"""The desk: bounded, fair, once for equal requests, and no bigger than it was told."""

import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest

from model_utils import queueing
from model_utils.errors import ModelError
from model_utils.queueing import Lane, ask, close, known, leave, open_desk, place, result, size_of, wait


@dataclass(frozen=True, eq=False)
class Answer:
    weights: np.ndarray
    parts: tuple[np.ndarray, ...]
    name: str


@pytest.fixture
def desk():
    opened = open_desk({"forward": Lane(1, 5), "load": Lane(1, 2)}, bytes_kept=100_000)
    yield opened
    close(opened)


def held(desk, lane="forward"):
    """Occupy the only worker of a lane; returns the event that lets it go."""
    begun, go = threading.Event(), threading.Event()

    def work(report):
        begun.set()
        go.wait(10)

    ask(desk, object(), work, lane, kept=False)
    assert begun.wait(5)
    return go


def test_answers_and_errors_reach_the_waiter(desk):
    def broken(report):
        raise ModelError("too_big", size="7 GB")

    assert result(ask(desk, "a", lambda report: 41 + 1, "forward")) == 42
    with pytest.raises(ModelError, match="too_big"):
        result(ask(desk, "b", broken, "forward"))
    assert result(ask(desk, "b", lambda report: "healed", "forward")) == "healed", "an error is never kept"


def test_fifty_equal_requests_are_computed_once(desk):
    computed = []
    gate = threading.Barrier(50)

    def work(report):
        time.sleep(0.05)
        computed.append(1)
        return object()

    def learner(_):
        gate.wait(10)
        ticket = ask(desk, ("model", "text", ()), work, "forward")
        try:
            return result(ticket)
        finally:
            leave(ticket)

    with ThreadPoolExecutor(50) as class_room:
        answers = set(class_room.map(learner, range(50)))
    assert len(computed) == 1
    assert len(answers) == 1
    assert desk.asked == {}


def test_the_line_is_bounded_and_says_how_long_it_is(desk):
    go = held(desk)
    for number in range(5):
        ask(desk, number, lambda report: None, "forward")
    with pytest.raises(ModelError) as refused:
        ask(desk, 5, lambda report: None, "forward")
    assert (refused.value.code, refused.value.facts) == ("busy", {"waiting": 5})
    assert place(ask(desk, 4, lambda report: None, "forward")) == 5, "an equal request needs no room"
    go.set()


def test_a_place_only_ever_goes_down_to_nought(desk):
    go = held(desk)
    step = threading.Semaphore(0)
    tickets = [ask(desk, n, lambda report: step.acquire(timeout=5), "forward", kept=False) for n in range(4)]
    assert [place(ticket) for ticket in tickets] == [1, 2, 3, 4]
    seen = [place(tickets[-1])]
    go.set()
    for _ in tickets:
        step.release()
        time.sleep(0.02)
        seen.append(place(tickets[-1]))
    assert wait(tickets[-1], 5)
    assert seen == sorted(seen, reverse=True)
    assert place(tickets[-1]) == 0


def test_what_nobody_waits_for_is_never_computed_and_takes_no_place(desk):
    go, computed = held(desk), []
    gone = ask(desk, "gone", lambda report: computed.append("gone"), "forward")
    stays = ask(desk, "stays", lambda report: computed.append("stays"), "forward")
    leave(gone)
    assert place(stays) == 1
    go.set()
    assert wait(stays, 5)
    assert computed == ["stays"]


def test_a_learner_who_comes_back_has_the_old_place(desk):
    go = held(desk)
    first = ask(desk, "first", lambda report: "here", "forward")
    ask(desk, "second", lambda report: None, "forward")
    leave(first)
    again = ask(desk, "first", lambda report: "not this one", "forward")
    assert place(again) == 1
    go.set()
    assert result(again) == "here"


def test_a_request_left_by_all_is_served_when_somebody_joins_an_idle_desk(desk):
    go = held(desk)
    leave(ask(desk, "left", lambda report: "served", "forward"))
    go.set()
    time.sleep(0.05)
    joined = ask(desk, "left", lambda report: "served", "forward")
    assert wait(joined, 5)
    assert result(joined) == "served"


def test_deserted_requests_do_not_pile_up(desk):
    go = held(desk)
    for number in range(500):
        leave(ask(desk, number, lambda report: None, "forward"))
    assert len(desk.asked) <= 1 + 5 + 1
    go.set()


def test_a_slow_load_holds_up_no_forward(desk):
    go = held(desk, "load")
    quick = ask(desk, "quick", lambda report: "done", "forward")
    assert wait(quick, 5)
    go.set()


def test_work_stops_when_all_have_been_gone_for_long(desk, monkeypatch):
    monkeypatch.setattr(queueing, "PATIENCE", 0.05)
    ended = threading.Event()

    def download(report):
        try:
            while True:
                report(0.5, "download")
                time.sleep(0.01)
        except CancelledError:
            ended.set()
            raise

    ticket = ask(desk, "big", download, "load", kept=False)
    time.sleep(0.15)
    assert not ended.is_set(), "somebody waits"
    assert ticket.request.progress == (0.5, "download")
    leave(ticket)
    assert ended.wait(5)
    assert result(ask(desk, "big", lambda report: "afresh", "load", kept=False)) == "afresh"


def test_kept_answers_stay_under_the_bound_and_the_least_used_goes_first(desk):
    def answer(report):
        return Answer(np.zeros(5_000, np.float32), (np.zeros(5_000, np.float32),), "40 kB")

    for name in ("a", "b"):
        assert wait(ask(desk, name, answer, "forward"), 5)
    used = known(desk, "a")
    assert wait(ask(desk, "c", answer, "forward"), 5)
    assert known(desk, "b") is None
    assert known(desk, "a") is used
    assert sum(size for _, size in desk.answers.values()) <= desk.bytes_kept
    assert wait(ask(desk, "giant", lambda report: np.zeros(200_000), "forward"), 5)
    assert known(desk, "giant") is None


def test_small_answers_cannot_pile_up_either(desk):
    for number in range(200):
        assert wait(ask(desk, number, lambda report: 1, "forward"), 5)
    assert len(desk.answers) <= desk.bytes_kept / queueing.OVERHEAD


def test_size_counts_arrays_wherever_they_are():
    assert (
        size_of(Answer(np.zeros(3, np.float64), (np.zeros(2, np.float32), np.zeros(1, np.int64)), "name")) == 24 + 8 + 8
    )


def test_a_closed_desk_turns_everybody_away():
    desk = open_desk({"forward": Lane(1, 5)}, bytes_kept=0)
    go = held(desk)
    waiting = ask(desk, "waiting", lambda report: None, "forward")
    close(desk)
    go.set()
    assert wait(waiting, 1)
    with pytest.raises(CancelledError):
        result(waiting)
    with pytest.raises(ModelError, match="busy"):
        ask(desk, "late", lambda report: None, "forward")
