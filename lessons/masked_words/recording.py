"""Trainings as the page shows them: in words, and the one that was recorded, which stands there untouched.

recorded.jsonl, beside this file, is what the training process wrote for the request that the page starts with:
echo '{"steps": 600, "experiment": "filling"}' | python -m model_utils.live_training > recorded.jsonl
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from model_utils.live_training import FillingEvent, TrainingRequest, read_event

RECORDED = Path(__file__).with_name("recorded.jsonl")
STEPS = 600


def request(text: str = "", seed: int = 0) -> TrainingRequest:
    """What the page asks for; an untouched page asks for the training that was recorded."""
    return TrainingRequest(text, seed, STEPS, experiment="filling")


@cache
def recorded() -> tuple[FillingEvent, ...]:
    """Every event of a training on Meadow with seed 0."""
    return tuple(map(read_event, RECORDED.read_text(encoding="utf-8").splitlines()))


def gapped(event: FillingEvent) -> str:
    """The held-out line as it is read, with its gaps; words stand apart, characters together."""
    glue = "" if all(len(symbol) == 1 for symbol in event.symbols) else " "
    return glue.join("[MASK]" if place in event.gaps else symbol for place, symbol in enumerate(event.symbols))


def in_words(latest: Mapping[bool, FillingEvent], words: Mapping[str, str]) -> str:
    """Where the curves stand, for a screen reader. latest: the last event of each arm; words: the lesson's labels."""
    return "; ".join(
        f"{words['everywhere' if event.everywhere else 'gaps_only']}: {words['step']} {event.step}, "
        f"{words['loss']} {event.loss:.2f}, {words['held_out']} {event.held_out:.2f}"
        for event in latest.values()
    )
