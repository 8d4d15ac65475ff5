"""The logit lens: what the model would say if it stopped after each layer, and what Meadow really says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.block import maths
from lessons.block.network import Network
from lessons.block.stream import Stream
from lessons.next_words import Probs, distance, over_vocabulary
from model_utils.decoding import next_token_distribution
from model_utils.meadow import NotMeadow, next_word_probabilities
from model_utils.types import Floats, Trace

PLACES = 24  # of a longer text, the last so many: more rows cannot be read
BEST = 3  # words named in each cell


@dataclass(frozen=True, eq=False)
class Lens:
    """The likeliest words after each layer. J places, the last of the text; layer 0 is before the first block."""

    first: int  # the place of row 0
    ids: NDArray[np.int64]  # (J, L+1, BEST)
    probs: Floats  # (J, L+1, BEST)
    last: NDArray[np.float64]  # (L+1, V): every probability, for the word after the whole text
    logits: Floats  # (V,) of the last layer, at the last place


@dataclass(frozen=True, eq=False)
class Truth:
    """What Meadow says at the same places: the likeliest word, and its exact probability."""

    words: tuple[str, ...]  # J
    probs: NDArray[np.float64]  # (J,)
    last: Probs  # (V,)


def lens(network: Network, found: Stream) -> Lens | None:
    """Every layer's states read out as words; None where the network reads out nothing, or does it in another way."""
    if network.unembedding is None or network.final_norm is None:
        return None
    states = torch.tensor(found.layers[:, -PLACES:])  # (L+1, J, C)
    rows, last = [], []
    with torch.inference_mode():
        for state in states:  # one layer at a time: (J, V) is all that is ever held of a large vocabulary
            logits = maths.logit_lens(state, network.final_norm, network.unembedding)  # (J, V)
            rows.append(torch.softmax(logits, dim=-1).topk(BEST, dim=-1))
            last.append(next_token_distribution(logits[-1].numpy()))
    ids = torch.stack([row.indices for row in rows], dim=1).numpy()
    probs = torch.stack([row.values for row in rows], dim=1).numpy()
    return Lens(found.states.shape[1] - states.shape[1], ids, probs, np.stack(last), logits[-1].numpy())


def truth(run: Trace, vocabulary: Sequence[str], first: int) -> Truth | None:
    """Meadow's own probabilities after each place from `first` on; None where the text is not Meadow."""
    found = [_said(run.text[:end]) for _, end in run.spans[first:]]
    if None in found:
        return None
    likeliest = [max(after.items(), key=lambda pair: pair[1]) for after in found]
    words, probs = zip(*likeliest, strict=True)
    return Truth(words, np.array(probs), over_vocabulary(found[-1], vocabulary))


def in_words(found: Lens, truth: Truth | None, words: Mapping[str, str]) -> str:
    """How far the prediction is from the truth at the start and at the end, or that there is no truth to compare."""
    if truth is None:
        return words["no_truth"]
    first, last = (f"{distance(truth.last, found.last[layer]):.2g}" for layer in (0, -1))
    return words["distances"].format(first=first, last=last)


@lru_cache(maxsize=4096)
def _said(beginning: str) -> dict[str, float] | None:
    try:
        return dict(next_word_probabilities(beginning))
    except NotMeadow:
        return None
