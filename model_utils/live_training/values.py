"""What goes into a live training and what comes out of it: plain values that travel as one line of JSON each."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class TrainingRequest:
    """One tiny transformer, trained twice from the same seed on the same batches; what differs is the experiment.

    experiment: "causal_mask", with the causal mask and without (`two_arms.py`), or "filling", gaps to be filled with
    the loss counted at the chosen places only and at all places (`two_losses.py`).
    text: train on this text, character by character; empty: on sentences of Meadow, word by word.
    seconds: on a machine that is too busy, it ends with as many steps as it has made by then.
    """

    text: str = ""
    seed: int = 0
    steps: int = 240
    seconds: float = 120.0
    experiment: str = "causal_mask"


@dataclass(frozen=True)
class TrainingEvent:
    """One point of one of the two curves.

    loss: of the training batches since the point before, nats a symbol, computed as this arm trains.
    held_out: loss on text it never trained on, with the future covered, nats a symbol.
    sample: what it writes, drawn symbol by symbol.
    known_runs: the share of neighbouring pairs (characters: runs of four) in several samples that also occur in the
    training text.
    symbols, attn_weights: a held-out line and the attention on it, (T, T), averaged over heads and layers, as this
    arm trains.
    """

    masked: bool
    step: int
    seconds: float
    loss: float
    held_out: float
    sample: str
    known_runs: float
    symbols: tuple[str, ...]
    attn_weights: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class FillingEvent:
    """One point of the curves of one arm that learns to fill gaps.

    everywhere: whether its loss counts all places, or only those that were chosen.
    loss: of the training batches since the point before, nats a place, as this arm counts it.
    held_out: nats a covered place, on text it never trained on; the same measure for both arms.
    filled, copied: the share of covered places that it fills rightly there, and of open places that it repeats rightly.
    symbols, gaps: a held-out line and its covered places; guesses, probabilities: the likeliest symbol at each of them,
    and what the one that stood there got.
    """

    everywhere: bool
    step: int
    seconds: float
    loss: float
    held_out: float
    filled: float
    copied: float
    symbols: tuple[str, ...]
    gaps: tuple[int, ...]
    guesses: tuple[str, ...]
    probabilities: tuple[float, ...]


Event = TrainingEvent | FillingEvent


@dataclass(frozen=True)
class Progress:
    """How a training stands. state: waiting, running, finished, stopped, failed or full (the line has no room).

    place: how many trainings go first, 0 when it runs. shared: how many learners watch this same training.
    """

    state: str
    place: int = 0
    shared: int = 1
    events: tuple[Event, ...] = ()


def write_event(event: Event) -> str:
    """One line of JSON, ASCII only."""
    return json.dumps(asdict(event))


def read_event(line: str) -> Event:
    """The event that `write_event` wrote; ValueError, KeyError or TypeError when the line is something else."""
    fields = {name: _tuples(value) for name, value in json.loads(line).items()}
    return FillingEvent(**fields) if "everywhere" in fields else TrainingEvent(**fields)


def _tuples(value: object) -> object:
    """JSON's lists as the tuples that they were."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
