"""Who trains when: one process a training, few at once, the others in line, ended as soon as nobody watches.

Equal requests are one training that many learners watch, so a class that presses Start together costs one process.
Each training has a thread that waits for its turn, then reads its process; the thread always collects the process.
"""

import json
import logging
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from model_utils.live_training.values import Event, Progress, TrainingRequest, read_event

LOG = logging.getLogger(__name__)
COMMAND = (sys.executable, "-m", "model_utils.live_training")
ROOT = Path(__file__).parents[2]
GRACE = 15.0  # seconds that a process may take above its request's: starting Python and torch on a busy machine
OVER = ("finished", "stopped", "failed")


@dataclass
class Job:
    """One training and those who watch it, each with the time of their last look."""

    request: TrainingRequest
    followers: dict[str, float]
    state: str = "waiting"
    events: list[Event] = field(default_factory=list)
    process: subprocess.Popen | None = None


@dataclass(frozen=True)
class Workshop:
    """All trainings of a server. at_once: processes; waiting: places in the line; idle: seconds without a look before
    a training is given up; kept: finished trainings whose curves are remembered."""

    at_once: int = 1
    waiting: int = 40
    idle: float = 30.0
    kept: int = 32
    command: tuple[str, ...] = COMMAND
    jobs: dict[TrainingRequest, Job] = field(default_factory=dict)
    turn: threading.Condition = field(default_factory=threading.Condition)


def start(workshop: Workshop, request: TrainingRequest, follower: str) -> Progress:
    """Train this, or join whoever trains it already: how it stands now. A training that is over starts afresh."""
    with workshop.turn:
        job = workshop.jobs.get(request)
        if job is None or job.state in OVER:
            if sum(other.state == "waiting" for other in workshop.jobs.values()) >= workshop.waiting:
                return Progress("full")
            job = _enter(workshop, request, follower)
        job.followers[follower] = time.monotonic()
        return _progress(workshop, job)


def follow(workshop: Workshop, request: TrainingRequest, follower: str) -> Progress | None:
    """How it stands, for somebody who goes on watching: call it again and again, or it ends. None: never started."""
    with workshop.turn:
        job = workshop.jobs.get(request)
        if job and job.state not in OVER:
            job.followers[follower] = time.monotonic()
        return _progress(workshop, job) if job else None


def look(workshop: Workshop, request: TrainingRequest) -> Progress | None:
    """How it stands, without staying; None when nobody ever asked for it, or when it is forgotten."""
    with workshop.turn:
        job = workshop.jobs.get(request)
        return _progress(workshop, job) if job else None


def leave(workshop: Workshop, request: TrainingRequest, follower: str) -> None:
    """Stop watching. The last one to leave ends the process."""
    with workshop.turn:
        job = workshop.jobs.get(request)
        if job and job.followers.pop(follower, None) is not None and not job.followers:
            _end(workshop, job, "stopped")


def _enter(workshop: Workshop, request: TrainingRequest, follower: str) -> Job:
    """A new training at the end of the line; the oldest finished ones are forgotten."""
    workshop.jobs.pop(request, None)
    over = [old for old, job in workshop.jobs.items() if job.state in OVER]
    for old in over[: max(0, len(over) - workshop.kept + 1)]:
        del workshop.jobs[old]
    job = workshop.jobs[request] = Job(request, {follower: time.monotonic()})
    threading.Thread(target=_work, args=(workshop, job), name="live-training", daemon=True).start()
    return job


def _progress(workshop: Workshop, job: Job) -> Progress:
    place = 0
    if job.state == "waiting":
        before = list(workshop.jobs.values())
        place = sum(other.state in ("waiting", "running") for other in before[: before.index(job)])
    return Progress(job.state, place, max(1, len(job.followers)), tuple(job.events))


def _end(workshop: Workshop, job: Job, state: str) -> None:
    """With the lock held: the job is over, its process told to go, whoever waits woken up."""
    if job.state in OVER:
        return
    job.state = state
    if job.process and job.process.poll() is None:
        job.process.kill()
    workshop.turn.notify_all()


def _work(workshop: Workshop, job: Job) -> None:
    """The life of one training, in a thread of its own."""
    if not _wait_for_turn(workshop, job):
        return
    try:
        with subprocess.Popen(
            workshop.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            alarm = threading.Timer(job.request.seconds + GRACE, process.kill)
            alarm.daemon = True
            alarm.start()
            try:
                _read(workshop, job, process)
            finally:
                alarm.cancel()
                process.kill()
        ended = "finished" if process.returncode == 0 or job.events else "failed"
    except (OSError, ValueError, KeyError, TypeError):
        LOG.exception("a live training failed")
        ended = "failed"
    with workshop.turn:
        _end(workshop, job, ended)


def _wait_for_turn(workshop: Workshop, job: Job) -> bool:
    """True once the job may run; False when it was left before its turn came."""
    with workshop.turn:
        while job.state == "waiting":
            running = sum(other.state == "running" for other in workshop.jobs.values())
            if running < workshop.at_once and _progress(workshop, job).place < workshop.at_once:
                job.state = "running"
                return True
            workshop.turn.wait(1.0)
            _drop_idle(workshop, job)
    return False


def _read(workshop: Workshop, job: Job, process: subprocess.Popen) -> None:
    """Hand the request over and collect events until the process is done or nobody watches any more."""
    with workshop.turn:
        job.process = process
        if job.state in OVER:  # left while the process was starting
            return
    process.stdin.write(json.dumps(asdict(job.request)) + "\n")
    process.stdin.close()
    for line in process.stdout:
        event = read_event(line)
        with workshop.turn:
            job.events.append(event)
            _drop_idle(workshop, job)
            if job.state in OVER:
                return
    process.wait()


def _drop_idle(workshop: Workshop, job: Job) -> None:
    """With the lock held: forget followers who have not looked for a while; end the job when none is left."""
    now = time.monotonic()
    for follower in [name for name, last in job.followers.items() if now - last > workshop.idle]:
        del job.followers[follower]
    if not job.followers:
        _end(workshop, job, "stopped")
