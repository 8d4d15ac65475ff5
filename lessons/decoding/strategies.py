"""All strategies of the lesson as paths from one prompt, with one seed: maths.py, run by model_utils.decoding."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from lessons.decoding import maths
from model_utils.decoding.walking import MOST_PATHS, Change, Ids, NextLogits, Pick, Walk, beams, walk

DRAWN = ("sample", "temperature", "top_k", "top_p", "min_p")  # these draw; the others take the likeliest
LEAST = 1e-3  # a temperature of 0 would divide by it


@dataclass(frozen=True)
class Settings:
    """What a learner can set; `strategies` in the order in which they are drawn."""

    strategies: tuple[str, ...]
    steps: int = 8
    seed: int = 0
    temperature: float = 0.7
    k: int = 5
    p: float = 0.8
    share: float = 0.1
    penalty: float = 1.3
    ngram: int = 3
    beams: int = 3
    alpha: float = 1.0
    samples: int = 1  # of each strategy that draws
    may_end: bool = True  # False: the end token is cut at every step


def walks(next_logits: NextLogits, prompt: Ids, ends: Collection[int], asked: Settings) -> tuple[Walk, ...]:
    """Every path that was asked for, at most MOST_PATHS and the beams that were dropped."""
    found: list[Walk] = []
    for strategy in asked.strategies:
        wanted = asked.beams if strategy == "beam" else asked.samples if strategy in DRAWN else 1
        wanted = min(wanted, MOST_PATHS - sum(each.dropped_at is None for each in found))
        if strategy == "beam" and wanted > 0:
            found += _beams(next_logits, prompt, ends, asked, wanted)
            continue
        for sample in range(wanted):
            name = (strategy if wanted == 1 else f"{strategy}-{sample}", strategy)
            change, pick = _changed(strategy, asked, ends), _picked(strategy, asked, sample)
            found.append(walk(name, next_logits, prompt, change, pick, asked.steps, ends))
    return tuple(found)


def changes(strategy: str, asked: Settings) -> Callable[[Tensor, Tensor], Tensor]:
    """What one strategy does with logits (V,), given the tokens so far (T,)."""
    return {
        "temperature": lambda logits, ids: maths.tempered(logits, max(asked.temperature, LEAST)),
        "top_k": lambda logits, ids: maths.top_k(logits, asked.k),
        "top_p": lambda logits, ids: maths.top_p(logits, asked.p),
        "min_p": lambda logits, ids: maths.min_p(logits, asked.share),
        "penalty": lambda logits, ids: maths.repetition_penalty(logits, ids, asked.penalty),
        "no_repeat": lambda logits, ids: maths.no_repeat_ngram(logits, ids, asked.ngram),
    }.get(strategy, lambda logits, ids: logits)


def luck(seed: int, sample: int, steps: int) -> Sequence[float]:
    """The same numbers between 0 and 1 for every strategy: they differ in what they make of the same luck."""
    return np.random.default_rng([seed, sample]).random(steps).tolist()


def _changed(strategy: str, asked: Settings, ends: Collection[int]) -> Change:
    own = changes(strategy, asked)

    def change(logits: Tensor, ids: Ids) -> Tensor:
        changed = own(_endless(logits, ends, asked), torch.tensor(ids))
        return changed if strategy in DRAWN else maths.top_k(changed, 1)  # the likeliest alone is left

    return change


def _picked(strategy: str, asked: Settings, sample: int) -> Pick:
    if strategy not in DRAWN:
        return lambda changed, step: maths.greedy(changed)
    numbers = luck(asked.seed, sample, asked.steps)
    return lambda changed, step: maths.draw(changed, numbers[step])


def _beams(
    next_logits: NextLogits, prompt: Ids, ends: Collection[int], asked: Settings, width: int
) -> tuple[Walk, ...]:
    score = partial(maths.length_penalised, alpha=asked.alpha)
    going_on = next_logits if asked.may_end else lambda ids: _endless(next_logits(ids), ends, asked)
    return beams(going_on, prompt, maths.beam_step, score, width, asked.steps, ends)


def _endless(logits: Tensor, ends: Collection[int], asked: Settings) -> Tensor:
    """The same logits; without the end token where the model may not end."""
    return logits if asked.may_end or not ends else logits.index_fill(0, torch.tensor(sorted(ends)), -torch.inf)
