"""The same tokens in two orders: what a model's states make of it. Numpy in and out, plain values between."""

import random
import re
from dataclasses import dataclass

import numpy as np
import torch

from lessons.masking.maths import relative_change
from model_utils.types import Floats, Trace

# A Chinese character, or a word of any other script: what changes places when a text is put in another order.
WORD = re.compile(r"[\u3400-\u9fff]|(?:(?![\u3400-\u9fff])\w)+(?:['’](?:(?![\u3400-\u9fff])\w)+)*")


@dataclass(frozen=True, eq=False)
class Moved:
    """How far the state of each token moved when the order of the text changed, relative to its length."""

    tokens: tuple[str, ...]  # T, as the first order has them
    changes: Floats  # (L+1, T): before the first layer, and after each
    same_end: bool  # both orders end with the same token, after the same tokens
    cosine: float  # of the two texts' mean states after the last layer

    @property
    def after_all_layers(self) -> Floats:
        """(T,) at the end of the model."""
        return self.changes[-1]

    @property
    def last_token(self) -> Floats:
        """(L+1,) of the last token, layer by layer."""
        return self.changes[:, -1]


def reordered(text: str, order: str) -> str:
    """The same words in another order; the first word and all signs stay where they are."""
    places = [match.span() for match in WORD.finditer(text)][1:]
    words = _in_order([text[start:end] for start, end in places], order)
    said, at = [], 0
    for (start, end), word in zip(places, words, strict=True):
        said += [text[at:start], word]
        at = end
    return "".join([*said, text[at:]])


def _in_order(words: list[str], order: str) -> list[str]:
    if order == "swapped":
        return [*words[-1:], *words[1:-1], *words[:1]] if len(words) > 1 else words
    if order == "reversed":
        return words[::-1]
    return random.Random(1).sample(words, len(words))


def moved(run: Trace, other: Trace) -> Moved | None:
    """Each token of one order beside the same token in the other; None when the tokens are not the same.

    Equal tokens are paired in the order in which they stand.
    """
    here, there = (np.argsort(each.token_ids, kind="stable") for each in (run, other))
    if not np.array_equal(run.token_ids[here], other.token_ids[there]):
        return None
    partner = np.empty_like(there)
    partner[here] = there  # the place in `other` of each token of `run`
    states, reference = (torch.tensor(each) for each in (other.hidden_states[:, partner], run.hidden_states))
    means = (torch.tensor(each.hidden_states[-1].mean(axis=0)) for each in (run, other))  # (C,) each
    return Moved(
        tokens=run.tokens,
        changes=relative_change(states, reference).numpy(),
        same_end=bool(partner[-1] == len(partner) - 1),
        cosine=float(torch.cosine_similarity(*means, dim=0)),
    )
