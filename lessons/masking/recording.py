"""Trainings as the page shows them: in words, and the one that was recorded, which stands there untouched.

recorded.jsonl is what the training process wrote for the request that the page starts with:
echo '{}' | python -m model_utils.live_training > lessons/masking/recorded.jsonl
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from model_utils.live_training import TrainingEvent, read_event

RECORDED = Path(__file__).with_name("recorded.jsonl")


@cache
def recorded() -> tuple[TrainingEvent, ...]:
    """Every event of a training of Meadow with seed 0."""
    return tuple(map(read_event, RECORDED.read_text(encoding="utf-8").splitlines()))


def in_words(latest: Mapping[bool, TrainingEvent], words: Mapping[str, str]) -> str:
    """Where the curves stand, for a screen reader. latest: the last event of each arm; words: the lesson's labels."""
    return "; ".join(
        f"{words['with_mask' if event.masked else 'without_mask']}: {words['step']} {event.step}, "
        f"{words['loss']} {event.loss:.2f}, {words['held_out']} {event.held_out:.2f}"
        for event in latest.values()
    )
