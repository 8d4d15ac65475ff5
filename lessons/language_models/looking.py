"""Whether a text could have been looked up: how often it stands in the sample, and in what a network was trained on."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lessons.language_models import SAMPLE, SAMPLE_SEED, counting
from lessons.language_models.cutting import Words, written
from lessons.numbers import readable
from model_utils import trace
from model_utils.meadow import NotMeadow, tokenize, word_surprisals
from model_utils.types import Model

WEIGHTS = Path(__file__).parents[2] / "model_utils" / "weights"
SHORT = 12  # characters of a fingerprint that are shown


@dataclass(frozen=True)
class LookedUp:
    """The last 1, 2 ... words of a text, and how often each of these runs stands in the sample."""

    runs: tuple[Words, ...]
    times: tuple[int, ...]

    @property
    def longest(self) -> int:
        """How many words of the ending the sample knows."""
        return sum(times > 0 for times in self.times)


@dataclass(frozen=True)
class Fingerprints:
    """Of a network's weights, before and after it has read a text."""

    before: str
    after: str
    numbers: int


@lru_cache(maxsize=1)
def _lines() -> tuple[str, ...]:
    return tuple("\0".join(("", *words, "")) for words in counting.meadow_texts(SAMPLE, SAMPLE_SEED))


@lru_cache(maxsize=256)
def looked_up(text: str) -> LookedUp:
    """Count every ending of a text in the sample of Meadow."""
    words = tokenize(text)
    runs = tuple(words[start:] for start in range(len(words) - 1, -1, -1))
    times, lines = [], _lines()
    for run in runs:
        wanted = "\0".join(("", *run, ""))
        lines = [line for line in lines if wanted in line]  # a longer ending stands only where the shorter one does
        times.append(sum(line.count(wanted) for line in lines))
    return LookedUp(runs, tuple(times))


def expected_in_training(text: str, model_id: str = "meadow-gpt") -> float | None:
    """How many of the documents that a network read are to be expected to begin like this; None outside Meadow."""
    try:
        return documents_read(training(model_id)) * math.exp(-math.fsum(word_surprisals(text)))
    except NotMeadow:
        return None


@lru_cache(maxsize=4)
def training(model_id: str) -> dict[str, int]:
    """What a network's card says of its training."""
    return json.loads((WEIGHTS / model_id / "card.json").read_text(encoding="utf-8"))["training"]


def documents_read(card: dict[str, int]) -> int:
    """One row of a batch is one document, and no batch comes twice."""
    return card["steps"] * card["batch_size"]


def in_words(found: LookedUp, text: str, words: Mapping[str, str]) -> list[str]:
    """The longest ending that the sample has, and how likely it is that the network has read this very text."""
    lines = [words["longest"].format(documents=f"{SAMPLE:,}", ending=written(found.runs[found.longest - 1]))]
    if not found.longest:
        lines = [words["no_ending"].format(documents=f"{SAMPLE:,}")]
    card = training("meadow-gpt")
    expected = expected_in_training(text)
    if expected is None:
        return [*lines, words["not_in_training"]]
    return [*lines, words["in_training"].format(documents=f"{documents_read(card):,}", times=readable(expected, 2))]


def fingerprints(model: Model, text: str) -> Fingerprints:
    """SHA-256 over all weights, before the network reads the text and after."""
    before = _fingerprint(model)
    trace(model, text)
    return Fingerprints(before, _fingerprint(model), model.parameters)


def _fingerprint(model: Model) -> str:
    digest = hashlib.sha256()
    for weights in model.network.state_dict().values():
        digest.update(weights.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:SHORT]
