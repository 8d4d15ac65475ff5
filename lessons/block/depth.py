"""A deep stack that has learnt nothing yet: what comes through it forwards, and what comes back when it is to learn.

Sources: Xiong et al., "On Layer Normalization in the Transformer Architecture" (2020), for the gradients; Dong,
Cordonnier and Loukas, "Attention is not all you need" (2021), for states that become alike without the residual.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lessons.block import maths
from lessons.block.network import Attention, Block, Mlp, Norm

Doubles = NDArray[np.float64]
WIDTH, HEADS, TOKENS = 48, 4, 8
STACKS = ("pre", "post", "no_residual", "no_norm")


@dataclass(frozen=True, eq=False)
class Deep:
    """One newborn stack, by depth."""

    alike: Doubles  # (blocks+1,): mean cosine between the states of different tokens; 1: all say the same
    slopes: Doubles  # (blocks,): length of the gradient of the loss with respect to the output table of each MLP


@cache
def deep(stack: str, depth: int, seed: int = 0) -> Deep:
    """A stack of `depth` newborn blocks over random tokens, and one backward pass of a loss on its output."""
    order = maths.post_norm if stack == "post" else maths.pre_norm
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(TOKENS, WIDTH, generator=generator, dtype=torch.double)
    target = torch.randn(TOKENS, WIDTH, generator=generator, dtype=torch.double)
    blocks, states = [_newborn(stack, generator) for _ in range(depth)], [x]
    for block in blocks:
        _, (_, x) = maths.block(x, block, order)
        states.append(x.detach())
    ((_read(x, stack) - target) ** 2).mean().backward()
    slopes = np.array([float(block.mlp.W_out.grad.norm()) for block in blocks])
    return Deep(np.array([_alike(state) for state in states]), slopes)


def _read(x: Tensor, stack: str) -> Tensor:
    """The final norm of a stack that normalises first; the other kind has normalised already."""
    return x if stack in ("post", "no_norm") else maths.layer_norm(x, _new_norm())


def _alike(x: Tensor) -> float:
    """Mean cosine of different rows. x: (T, C)."""
    unit = torch.nn.functional.normalize(x, dim=-1)
    cosines = unit @ unit.T  # (T, T)
    return float((cosines.sum() - cosines.trace()) / (len(x) * (len(x) - 1)))


def _new_norm() -> Norm:
    return Norm(torch.ones(WIDTH, dtype=torch.double), torch.zeros(WIDTH, dtype=torch.double), 1e-5)


def _newborn(stack: str, generator: torch.Generator) -> Block:
    """Tables at random, each output with the variance of its input (Xavier), as Xiong et al. begin."""

    def table(rows: int, columns: int) -> Tensor:
        return torch.randn(rows, columns, generator=generator, dtype=torch.double) * (2 / (rows + columns)) ** 0.5

    zeros, hidden = torch.zeros(WIDTH, dtype=torch.double), torch.zeros(4 * WIDTH, dtype=torch.double)
    W = tuple(table(WIDTH, WIDTH) for _ in range(3))
    attention = Attention(W, (zeros,) * 3, table(WIDTH, WIDTH), zeros, HEADS, causal=False)
    mlp = Mlp(table(WIDTH, 4 * WIDTH), hidden, table(4 * WIDTH, WIDTH).requires_grad_(), zeros, torch.relu)
    norm = None if stack == "no_norm" else _new_norm()
    return Block(attention, mlp, norm, norm, keep=0.0 if stack == "no_residual" else 1.0)
