"""The MLP opened: which hidden units answer to one token, and what each of them writes towards which words.

Source: Geva et al., "Transformer Feed-Forward Layers Are Key-Value Memories" (2021).
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.block import maths
from lessons.block.network import Network
from lessons.block.stream import Stream
from model_utils.types import Floats

SHOWN = 8  # units
WORDS = 3  # that a unit writes towards, and away from


@dataclass(frozen=True, eq=False)
class Units:
    """One token in the MLP of one layer. F hidden units, N of them shown."""

    activations: Floats  # (F,)
    lengths: Floats  # (F,): how long a vector each unit adds
    strongest: NDArray[np.int64]  # (N,) units, the longest vector first
    towards: NDArray[np.int64] | None  # (N, WORDS) token ids that its vector pushes up most
    away: NDArray[np.int64] | None  # (N, WORDS) and down

    @property
    def firing(self) -> int:
        """How many units give a positive number."""
        return int((self.activations > 0).sum())


def units(network: Network, found: Stream, layer: int, place: int) -> Units:
    """The hidden units of the MLP of `layer` for the token at `place`."""
    block = network.blocks[layer]
    with torch.inference_mode():
        middle = torch.tensor(found.states[found.names.index(("mlp", layer)) - 1, place][None])  # (1, C)
        x = maths.layer_norm(middle, block.norm_2) if found.pre_norm else middle  # (1, C)
        activations = maths.hidden_units(x, block.mlp)[0]  # (F,)
        written = activations[:, None] * block.mlp.W_out  # (F, C): what each unit adds
        lengths = written.norm(dim=-1)  # (F,)
        strongest = lengths.argsort(descending=True)[:SHOWN]  # (N,)
        towards, away = _words(network, written[strongest])
    return Units(activations.numpy(), lengths.numpy(), strongest.numpy(), towards, away)


def _words(network: Network, written: torch.Tensor) -> tuple[NDArray[np.int64] | None, NDArray[np.int64] | None]:
    """Words whose logits a vector raises and lowers most, seen through the final norm's gain. written: (N, C)."""
    if network.unembedding is None or network.final_norm is None:
        return None, None
    pushed = (written - written.mean(dim=-1, keepdim=True)) * network.final_norm.gain @ network.unembedding.T  # (N, V)
    return tuple(pushed.topk(WORDS, largest=up).indices.numpy() for up in (True, False))
