"""Writing with the KV cache and without it: what was multiplied, how long it took, and whether the text is the same."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.decoding import maths
from lessons.numbers import readable
from model_utils.decoding.counting import Cost, cost
from model_utils.decoding.networks import read_out, room
from model_utils.queueing import Report
from model_utils.reading import read
from model_utils.types import Model

SMALL = 20_000_000  # parameters up to which each step is timed three times


@dataclass(frozen=True, eq=False)
class Caching:
    """N tokens written twice."""

    prompt: int  # tokens before the first
    cached: Cost
    uncached: Cost
    by_hand: tuple[NDArray[np.int64], NDArray[np.int64]] | None  # with, without: (N,); None for another architecture
    shape: tuple[int, int, int] | None  # L, C, V
    text: str

    @property
    def same(self) -> bool:
        """Whether both wrote the same tokens."""
        return self.cached.ids == self.uncached.ids


def measured(model: Model, text: str, steps: int, report: Report = lambda fraction, stage: None) -> Caching | None:
    """Count and time each token, with the cache and without; None when the text fills the model's context."""
    prompt = read(model, text).ids
    steps = min(steps, room(model, prompt))
    if steps < 1:
        return None
    times = 3 if model.parameters <= SMALL else 1
    found = [cost(model, prompt, steps, kept, times, lambda: report(None, "measuring")) for kept in (True, False)]
    shape = shape_of(model)
    by_hand = shape and (_by_hand(shape, len(prompt), steps, True), _by_hand(shape, len(prompt), steps, False))
    return Caching(len(prompt), *found, by_hand, shape, read_out(model, prompt + found[0].ids))


def in_words(found: Caching, words: Mapping[str, str]) -> str:
    """Whether both wrote the same, and how much more was multiplied, and waited for, without the cache."""
    counts = [int(each.multiplications.sum()) for each in (found.uncached, found.cached)]
    waits = [float(each.seconds.sum()) for each in (found.uncached, found.cached)]
    return words["same_text" if found.same else "other_text"].format(
        tokens=len(found.cached.ids), without=f"{counts[0]:,}", cached=f"{counts[1]:,}",
        times=readable(counts[0] / counts[1], 2), seconds=readable(waits[0], 2), seconds_cached=readable(waits[1], 2),
        faster=readable(waits[0] / waits[1], 2),
    )  # fmt: skip


def shape_of(model: Model) -> tuple[int, int, int] | None:
    """L, C, V of a GPT-2 whose MLP is four times as wide; None for another architecture, whose formula is another."""
    config = model.network.config
    plain = config.model_type == "gpt2" and config.n_inner in (None, 4 * config.n_embd)
    return (config.n_layer, config.n_embd, config.vocab_size) if plain else None


def _by_hand(shape: tuple[int, int, int], prompt: int, steps: int, kept: bool) -> NDArray[np.int64]:
    """The formula, for each step: only the first has more than one new token when earlier ones are kept."""
    seen = range(prompt, prompt + steps)
    new = [1 if kept and place > prompt else place for place in seen]
    return np.array([maths.multiplications(*shape, t, s) for t, s in zip(new, seen, strict=True)], dtype=np.int64)
