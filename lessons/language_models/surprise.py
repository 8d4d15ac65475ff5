"""A sentence token by token under each smoothing: how surprised a counted model is, and its perplexity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lessons.language_models import counting, cutting, maths
from lessons.language_models.counting import SMOOTHINGS, Counted, Source
from lessons.language_models.cutting import Words
from lessons.language_models.maths import Floats
from lessons.numbers import readable
from model_utils.meadow import END


@dataclass(frozen=True, eq=False)
class Surprises:
    """T words, END last, and their bits under each of SMOOTHINGS; infinite where a probability is 0."""

    words: tuple[str, ...]  # T
    bits: Floats  # (S, T)
    unknown: tuple[str, ...]  # words of the sentence that the counted text does not have

    @property
    def perplexities(self) -> dict[str, float]:
        return {name: maths.perplexity(row) for name, row in zip(SMOOTHINGS, self.bits, strict=True)}


def surprises(counts: Counted, sentence: Sequence[str], k: float) -> Surprises:
    """The surprise of each word of a sentence, its end included."""
    words = (*sentence, END)
    probs = [counting.probabilities(counts, words, smoothing, k) for smoothing in SMOOTHINGS]
    unknown = dict.fromkeys(word for word in sentence if word not in counts.vocabulary)
    return Surprises(words, maths.surprise(np.array(probs)), tuple(unknown))


def of_source(source: Source, texts: tuple[Words, ...], n: int, sentence: str, k: float) -> Surprises:
    """The surprise of a sentence to the n-grams of a learner's text, or of the sample of Meadow."""
    return surprises(counting.of_source(source, texts, n), cutting.words(sentence), k)


def in_words(found: Surprises, words: Mapping[str, str]) -> str:
    """The perplexity under each smoothing, in one line."""
    parts = [
        f"{words[name]} {readable(value) if np.isfinite(value) else '∞'}" for name, value in found.perplexities.items()
    ]
    return words["perplexities"].format(each=" · ".join(parts))
