"""One vector through a norm, and one token through half a block in both orders, with the model's own tables."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch

from lessons.block import maths
from lessons.block.network import Network, Norm
from lessons.block.stream import Stream
from model_utils.types import Floats


@dataclass(frozen=True, eq=False)
class Normalised:
    """One vector before a LayerNorm, with mean 0 and spread 1, and with the norm's gain and shift: (C,) each."""

    before: Floats
    normal: Floats
    after: Floats
    norm: Norm


@dataclass(frozen=True, eq=False)
class Stage:
    """One vector on the way through half a block, and the formula it stands for."""

    name: str
    vector: Floats  # (C,)


def normalised(network: Network, found: Stream, layer: int, place: int, times: float = 1.0) -> Normalised:
    """What the first norm of a layer makes of one token; `times` makes the incoming vector longer or shorter.

    A model that normalises first gets the state that enters the layer, one that normalises last the sum that it norms.
    """
    block, at = network.blocks[layer], found.names.index(("attention", layer))
    state = found.states[at - 1, place]  # (C,) what enters the layer
    before = torch.tensor(state if found.pre_norm else state + found.added[at, place]) * times  # (C,)
    plain = replace(block.norm_1, gain=torch.ones_like(before), shift=torch.zeros_like(before))
    with torch.inference_mode():
        normal, after = (maths.layer_norm(before, norm) for norm in (plain, block.norm_1))
    return Normalised(before.numpy(), normal.numpy(), after.numpy(), block.norm_1)


def stages(network: Network, found: Stream, layer: int, place: int, f: str) -> tuple[list[Stage], list[Stage]]:
    """The attention half of one block for one token, first with the norm before, then with the norm after.

    Both orders get the state that really enters the layer, and the model's own tables. `f` is what attention is called.
    """
    block, at = network.blocks[layer], found.names.index(("attention", layer))
    x = torch.tensor(found.states[at - 1])  # (T, C)
    with torch.inference_mode():
        part = partial(maths.attention, part=block.attention)
        normal = maths.layer_norm(x, block.norm_1)  # (T, C)
        before, after = (order(x, part, block.norm_1) for order in (maths.pre_norm, maths.post_norm))
    pre = {"x": x, "LN(x)": normal, f"{f}(LN(x))": before[1], f"x + {f}(LN(x))": before[0]}
    post = {"x": x, f"{f}(x)": after[1], f"x + {f}(x)": x + after[1], f"LN(x + {f}(x))": after[0]}
    return tuple([Stage(name, states[place].numpy()) for name, states in way.items()] for way in (pre, post))


def lengths(states: Floats, place: int) -> Floats:
    """Length of one token's vector after each part. states: (P, T, C), returns (P,)."""
    return np.linalg.norm(states[:, place], axis=-1)


def apart(first: Stream, second: Stream) -> Floats:
    """Length of the difference between what each part adds to the last words of two runs of one model: (P,)."""
    return np.linalg.norm(second.added[:, -1] - first.added[:, -1], axis=-1)
