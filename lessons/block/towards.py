"""How far each part of the stream pushes towards one word, so that the pushes add up to that word's logit."""

from dataclasses import dataclass

import torch

from lessons.block import maths
from lessons.block.network import Network
from lessons.block.stream import Stream
from model_utils.types import Floats


@dataclass(frozen=True, eq=False)
class Pushes:
    """One token's push towards one word: how far above the average word its logit comes to stand."""

    word: int  # token id
    parts: Floats  # (P,)
    shift: float  # from the final norm's own shift, the same for every text
    logit: float  # the word's logit less the mean of all: parts.sum() + shift


def pushes(network: Network, found: Stream, place: int, word: int | None = None) -> Pushes | None:
    """Towards `word`, or else the predicted one; None where no running sum is read out as words."""
    if network.unembedding is None or not found.pre_norm:
        return None
    last = torch.tensor(found.states[-1, place])  # (C,)
    with torch.inference_mode():
        logits = maths.logit_lens(last, network.final_norm, network.unembedding)  # (V,)
        word = int(logits.argmax()) if word is None else word
        direction = network.unembedding[word] - network.unembedding.mean(dim=0)  # (C,)
        parts = maths.pushes(torch.tensor(found.added[:, place]), last, network.final_norm, direction)  # (P,)
    return Pushes(word, parts.numpy(), float(network.final_norm.shift @ direction), float(logits[word] - logits.mean()))
