"""What goes into a live training and what comes out of it: plain values that travel as one line of JSON each."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class TrainingRequest:
    """One tiny transformer, trained twice from the same seed on the same batches: with the causal mask and without.

    text: train on this text, character by character; empty: on sentences of Meadow, word by word.
    seconds: on a machine that is too busy, it ends with as many steps as it has made by then.
    """

    text: str = ""
    seed: int = 0
    steps: int = 240
    seconds: float = 120.0


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
class Progress:
    """How a training stands. state: waiting, running, finished, stopped, failed or full (the line has no room).

    place: how many trainings go first, 0 when it runs. shared: how many learners watch this same training.
    """

    state: str
    place: int = 0
    shared: int = 1
    events: tuple[TrainingEvent, ...] = ()


def write_event(event: TrainingEvent) -> str:
    """One line of JSON, ASCII only."""
    return json.dumps(asdict(event))


def read_event(line: str) -> TrainingEvent:
    """The event that `write_event` wrote; ValueError, KeyError or TypeError when the line is something else."""
    fields = json.loads(line)
    rows = tuple(tuple(row) for row in fields.pop("attn_weights"))
    return TrainingEvent(**(fields | {"symbols": tuple(fields["symbols"])}), attn_weights=rows)
