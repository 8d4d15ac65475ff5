"""One desk a process: model work waits in line, equal requests are computed once, answers are kept while room lasts.

A request is a key (anything hashable that decides the answer) and the work that computes it in a worker thread.
Requests of different lanes never wait for each other: a download does not hold up a forward pass. The line is one
ordered mapping of requests that are not answered yet; a place in it is a count.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np

from model_utils.errors import ModelError

OVERHEAD = 2_000  # bytes an answer counts for besides its arrays, so that small answers cannot pile up without end
PATIENCE = 20.0  # seconds that work already begun goes on for nobody: a learner who only reloads the page comes back

Report = Callable[[float | None, str], None]
Work = Callable[[Report], Any]


@dataclass(eq=False)
class Request:
    """One computation that somebody waits for. Changed only under its desk's lock."""

    key: Hashable
    lane: str
    work: Work
    kept: bool
    answer: Future = field(default_factory=Future)
    tickets: set[object] = field(default_factory=set)  # one a waiter
    left_at: float = 0.0  # when the last waiter went away, on the monotonic clock
    progress: tuple[float | None, str] = (None, "")


@dataclass(frozen=True)
class Lane:
    """How many threads serve it, and how many requests may wait before the next is turned away."""

    workers: int
    room: int


@dataclass(frozen=True, eq=False)
class Desk:
    """The state of the queue; every function below takes it and holds `changed` while it looks or writes."""

    lanes: Mapping[str, Lane]
    bytes_kept: int
    changed: threading.Condition = field(default_factory=threading.Condition)
    asked: OrderedDict[Hashable, Request] = field(default_factory=OrderedDict)  # unanswered, first come first
    answers: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)  # least recently used first
    closed: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, eq=False)
class Ticket:
    """A waiter's hold on a request. Give it back with `leave`, whatever happened."""

    desk: Desk
    request: Request


def open_desk(lanes: Mapping[str, Lane], bytes_kept: int) -> Desk:
    """A desk with its worker threads running. They are daemons: a download never holds up Ctrl+C."""
    desk = Desk(lanes, bytes_kept)
    for name, lane in lanes.items():
        for number in range(lane.workers):
            threading.Thread(target=_serve, args=(desk, name), name=f"desk-{name}-{number}", daemon=True).start()
    return desk


def close(desk: Desk) -> None:
    """Turn everybody away and let the workers end; work already begun ends at its next report."""
    with desk.changed:
        desk.closed.set()
        for request in desk.asked.values():
            request.answer.cancel()
        desk.changed.notify_all()


def known(desk: Desk, key: Hashable) -> Any | None:
    """The kept answer, or None."""
    with desk.changed:
        if key not in desk.answers:
            return None
        desk.answers.move_to_end(key)
        return desk.answers[key][0]


def ask(desk: Desk, key: Hashable, work: Work, lane: str, kept: bool = True) -> Ticket:
    """Join the line, or join whoever already asked the same. ModelError("busy", waiting=n) when the lane is full.

    `work(report)` runs in a worker thread; when long, it calls `report(fraction or None, stage)` now and then, which
    raises CancelledError once nobody has waited for PATIENCE seconds. With `kept` the answer stays for later askers.
    """
    with desk.changed:
        request = Request(key, lane, work, kept)
        if key in desk.answers:
            desk.answers.move_to_end(key)
            request.answer.set_result(desk.answers[key][0])
        elif key in desk.asked:
            request = desk.asked[key]
        else:
            _make_room(desk, lane)
            desk.asked[key] = request
        ticket = Ticket(desk, request)
        request.tickets.add(ticket)
        desk.changed.notify_all()  # also after joining: the request may have been left by everybody
        return ticket


def place(ticket: Ticket) -> int:
    """How many requests are served before this one begins; 0 when it has begun or is answered."""
    with ticket.desk.changed:
        line = _line(ticket.desk, ticket.request.lane)
        return line.index(ticket.request) + 1 if ticket.request in line else 0


def wait(ticket: Ticket, seconds: float) -> bool:
    """Wait at most so long; True once there is an answer or an error."""
    wait_for([ticket.request.answer], seconds)
    return ticket.request.answer.done()


def result(ticket: Ticket) -> Any:
    """The answer, however long it takes; raises whatever the work raised."""
    return ticket.request.answer.result()


def leave(ticket: Ticket) -> None:
    """Stop waiting. What nobody waits for is passed over, but keeps its place for a learner who comes back."""
    with ticket.desk.changed:
        ticket.request.tickets.discard(ticket)
        ticket.request.left_at = time.monotonic()


def size_of(value: Any) -> int:
    """Bytes of an array, or of the arrays in a dataclass, tuple or list of them; 0 for anything else."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if is_dataclass(value):
        return sum(size_of(getattr(value, part.name)) for part in fields(value))
    if isinstance(value, tuple | list):
        return sum(size_of(part) for part in value)
    return 0


def _line(desk: Desk, lane: str) -> list[Request]:
    """The requests of a lane that somebody waits for and nobody has begun."""
    return [
        request
        for request in desk.asked.values()
        if request.lane == lane and request.tickets and not request.answer.running()
    ]


def _make_room(desk: Desk, lane: str) -> None:
    """Forget what nobody waits for; ModelError("busy") when the line is full of those who do."""
    room = desk.lanes[lane].room
    unwanted = [k for k, r in desk.asked.items() if r.lane == lane and not r.tickets and not r.answer.running()]
    for key in unwanted[: max(0, len(unwanted) - room)]:
        desk.asked.pop(key).answer.cancel()
    waiting = len(_line(desk, lane))
    if waiting >= room or desk.closed.is_set():
        raise ModelError("busy", waiting=waiting)


def _serve(desk: Desk, lane: str) -> None:
    """A worker's life: take the first request that is still wanted, answer it, look again."""
    while True:
        with desk.changed:
            while not (desk.closed.is_set() or _line(desk, lane)):
                desk.changed.wait()
            if desk.closed.is_set():
                return
            request = _line(desk, lane)[0]
            request.answer.set_running_or_notify_cancel()
        _answer(desk, request)


def _answer(desk: Desk, request: Request) -> None:
    """Do the work outside the lock; keep the answer and wake the waiters."""
    try:
        value = request.work(lambda fraction, stage: _report(desk, request, fraction, stage))
    except BaseException as error:  # a cancelled load or a bug alike: it belongs to those who wait, the worker lives on
        _forget(desk, request)
        request.answer.set_exception(error)
        return
    with desk.changed:
        _forget(desk, request)
        if request.kept:
            _keep(desk, request.key, value)
    request.answer.set_result(value)


def _forget(desk: Desk, request: Request) -> None:
    """Take a request off the list, unless a newer one stands under its key."""
    with desk.changed:
        if desk.asked.get(request.key) is request:
            del desk.asked[request.key]


def _keep(desk: Desk, key: Hashable, value: Any) -> None:
    """Keep an answer and let go of the least recently used ones beyond `bytes_kept`."""
    desk.answers[key] = (value, size_of(value) + OVERHEAD)
    while sum(size for _, size in desk.answers.values()) > desk.bytes_kept:
        desk.answers.popitem(last=False)


def _report(desk: Desk, request: Request, fraction: float | None, stage: str) -> None:
    with desk.changed:
        request.progress = (fraction, stage)
        deserted = not request.tickets and time.monotonic() - request.left_at > PATIENCE
        if deserted or desk.closed.is_set():
            _forget(desk, request)  # whoever asks from now on starts afresh
            raise CancelledError
