"""The output table W_O of a layer, read out of a loaded network and cut into one slice a head."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from lessons.heads import maths
from model_utils.types import Floats, Model, Trace

NAMES = ("c_proj", "o_proj", "out_proj", "out_lin", "dense", "Wo", "o")  # what families call it, inside their attention


@dataclass(frozen=True, eq=False)
class Output:
    """W_O of one layer: `slices` (H, D, C), one a head; `bias` (C,); `module` is the network's own."""

    slices: Tensor
    bias: Tensor
    module: nn.Module


@dataclass(frozen=True, eq=False)
class Summands:
    """What one word gets from one layer's heads. `difference`: the largest one to what the network's table makes."""

    heads: Floats  # (H, C), o^h W_O^h
    bias: Floats  # (C,)
    total: Floats  # (C,), their sum
    whole: Floats  # (C,), the network's own: all heads side by side, times the whole table
    difference: float


@dataclass(frozen=True, eq=False)
class Handed:
    """One word's row in one head: each key's weight, and the length of the vector it has to hand over. All (S,)."""

    place: int
    weights: Floats
    lengths: Floats  # of v W_O, before any weight
    relative: Floats  # weight times length, as a share of the longest vector in sight


def output(model: Model, run: Trace, layer: int) -> Output | None:
    """The table of one layer; None where the network has none that can be cut by heads."""
    H, _, D = run.attentions[layer].values.shape
    module = _module(model, layer, H * D)
    if module is None:
        return None
    table = module.weight.detach().cpu().float()  # (H D, C), or turned round in a Linear
    table = table.T if isinstance(module, nn.Linear) else table
    bias = torch.zeros(table.shape[1]) if module.bias is None else module.bias.detach().cpu().float()
    return Output(table.reshape(H, D, -1), bias, module)


def summands(run: Trace, layer: int, place: int, found: Output) -> Summands:
    """What each head adds at one place, and both ways of putting them together."""
    mixed = _mixed(run, layer)[:, place : place + 1]  # (H, 1, D)
    total = maths.sum_over_heads(mixed, found.slices, found.bias)[0]  # (C,)
    with torch.inference_mode():
        device = found.module.weight.device
        whole = found.module(mixed.transpose(0, 1).reshape(1, -1).to(device))[0].cpu().float()  # (C,)
    return Summands(
        heads=(mixed @ found.slices)[:, 0].numpy(),
        bias=found.bias.numpy(),
        total=total.numpy(),
        whole=whole.numpy(),
        difference=float((total - whole).abs().max()),
    )


def layer_lengths(run: Trace, layer: int, found: Output) -> Floats:
    """How long the vector is that each word hands over to each word, by all heads of the layer together: (T, S)."""
    return maths.layer_lengths(*_tensors(run, layer), found.slices).numpy()


def handed(run: Trace, layer: int, head: int, place: int, found: Output) -> Handed:
    """What one word is handed in one head by each word in sight."""
    attention = run.attentions[layer]
    vectors = maths.handed_over(torch.from_numpy(attention.values[head]), found.slices[head])  # (S, C)
    each = vectors.norm(dim=-1).numpy()  # (S,)
    weights = attention.attn_weights[head, place]  # (S,)
    longest = float(each[attention.visible[place]].max(initial=0.0)) or 1.0
    return Handed(place, weights, each, weights * each / longest)


def shares(lengths: Floats) -> Floats:
    """Each row as shares of its sum: (..., S) in and out."""
    return maths.shares(torch.from_numpy(lengths)).numpy()


def _mixed(run: Trace, layer: int) -> Tensor:
    weights, values = _tensors(run, layer)
    return weights @ values  # (H, T, S) @ (H, S, D) -> (H, T, D)


def _tensors(run: Trace, layer: int) -> tuple[Tensor, Tensor]:
    attention = run.attentions[layer]
    return torch.from_numpy(attention.attn_weights), torch.from_numpy(attention.values)


def _module(model: Model, layer: int, rows: int) -> nn.Module | None:
    """The layer's output projection: inside its attention module or, in BERT's family, beside it."""
    modules = list(model.attention_kinds)
    if layer >= len(modules) and len(modules) != 1:  # ALBERT has one module for all layers
        return None
    attention = modules[min(layer, len(modules) - 1)]
    inside = dict(attention.named_children())
    candidates = [inside.get(name) for name in NAMES] + [_beside(model.network, attention)]
    return next((each for each in candidates if _fits(each, rows)), None)


def _beside(network: nn.Module, attention: nn.Module) -> Any | None:
    path = next((name for name, each in network.named_modules() if each is attention), "")
    beside = f"{path.rpartition('.')[0]}.output.dense"
    try:
        return network.get_submodule(beside)
    except AttributeError:
        return None


def _fits(module: Any, rows: int) -> bool:
    """A plain table whose input is all heads side by side."""
    weight = getattr(module, "weight", None)
    if weight is None or weight.ndim != 2 or not hasattr(module, "bias"):
        return False
    return weight.shape[1 if isinstance(module, nn.Linear) else 0] == rows
