"""The recorded training that stands in the page until a learner starts their own.

recorded.jsonl is what the training process wrote for the request that the page starts with:
echo '{}' | python -m model_utils.live_training.two_arms > lessons/masking/recorded.jsonl
"""

from functools import cache
from pathlib import Path

from model_utils.live_training import TrainingEvent, read_event

RECORDED = Path(__file__).with_name("recorded.jsonl")


@cache
def recorded() -> tuple[TrainingEvent, ...]:
    """Every event of a training of Meadow with seed 0."""
    return tuple(map(read_event, RECORDED.read_text(encoding="utf-8").splitlines()))
