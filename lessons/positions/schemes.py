"""How a loaded network is told positions, read out of its own modules: a table, turning pairs, a bias, or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.positions import maths
from model_utils.types import Floats, Model

TABLES = {"wpe", "position_embeddings", "embed_positions", "position_embedding"}
FARTHEST = 64  # tokens apart, where a model has no table to show
ROWS = 64  # of a table that is drawn as a map
COORDINATES = 64
HEADS = 5  # of a bias that are drawn


@dataclass(frozen=True, eq=False)
class Scheme:
    """What a network has: "table", a row for each position; "rotary" and "bias", curves over a distance."""

    kind: Literal["table", "rotary", "bias", "none"]
    table: Floats | None = None  # (P, C)
    curves: Floats | None = None  # (N, FARTHEST)


def scheme(model: Model) -> Scheme:
    """The first of these that the network has."""
    for name, module in model.network.named_modules():
        weight = getattr(module, "weight", None)
        if name.rpartition(".")[2] in TABLES and isinstance(weight, torch.Tensor) and weight.dim() == 2:
            return Scheme("table", table=weight.detach().cpu().float().numpy())
    for module in model.network.modules():
        if isinstance(frequencies := getattr(module, "inv_freq", None), torch.Tensor):
            return Scheme("rotary", curves=_agreement(frequencies.detach().cpu().double()))
        if "key_length" in _arguments(getattr(module, "compute_bias", None)) and module.has_relative_attention_bias:
            return Scheme("bias", curves=_bias(module))
    return Scheme("none")


def _arguments(function: Callable | None) -> Mapping[str, object]:
    """What a function takes: some relatives of T5 compute their bias from other things."""
    return {} if function is None else signature(function).parameters


def _agreement(frequencies: torch.Tensor) -> Floats:
    """q · k of two vectors of ones over their distance, as a share of what it is at distance 0: (1, FARTHEST)."""
    angles = torch.arange(FARTHEST)[:, None] * frequencies  # (P, D/2)
    vectors = maths.turned(torch.ones(FARTHEST, 2 * len(frequencies), dtype=torch.float64), angles)  # (P, D)
    return (maths.products(vectors, vectors)[:1] / vectors.shape[1]).float().numpy()


def _bias(module: torch.nn.Module) -> Floats:
    """What a T5 adds to the scores of its first heads when the last token looks back: (HEADS, FARTHEST)."""
    with torch.no_grad():
        bias = module.compute_bias(FARTHEST, FARTHEST)[0].cpu().float()  # (H, T, S)
    return bias[:HEADS, -1].flip(-1).numpy()


def places(count: int) -> NDArray[np.int64]:
    """The positions that are drawn as a map: the first ROWS of `count`."""
    return np.arange(min(count, ROWS))


def similarity(table: Floats) -> Floats:
    """Cosine of each pair of the rows that `places` names: (R, R)."""
    return maths.cosines(torch.tensor(table[places(len(table))])).numpy()


def path(table: Floats) -> tuple[Floats, Floats]:
    """The rows seen from the side on which they spread most, (P, 2), and the share of the variance on each axis."""
    at, shares = maths.principal(torch.tensor(table), 2)
    return at.numpy(), shares.numpy()


def row_lengths(table: Floats) -> Floats:
    """The length of each row: (P,)."""
    return np.linalg.norm(table, axis=1)
