"""Our own forward pass over a model's own tables: what each part adds to each token, with the switches in it.

B batch is always one text here. T tokens, C model width, L layers, P parts: the tables, then attention and MLP of each
layer in turn.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from lessons.block import maths
from lessons.block.network import Attention, Block, Mlp, Network
from model_utils.types import Floats, Trace

Switch = Literal["none", "residual", "norm", "mlp", "attention"]
SWITCHES: tuple[Switch, ...] = ("residual", "norm", "mlp", "attention")
CLOSE = 1e-3  # a larger difference means that this network has something in it that we do not know of


@dataclass(frozen=True)
class Broken:
    """What is taken out, and of which layer; None means of all."""

    part: Switch = "none"
    layer: int | None = None


@dataclass(frozen=True, eq=False)
class Stream:
    """One forward pass, part by part. `names` are (part, layer); a table has no layer, which is -1."""

    names: tuple[tuple[str, int], ...]  # P
    added: Floats  # (P, T, C)
    states: Floats  # (P, T, C): what there is after each part
    pre_norm: bool

    @property
    def layers(self) -> Floats:
        """The states that enter the first block and leave each of them: (L+1, T, C)."""
        first = sum(layer < 0 for _, layer in self.names) - 1
        return self.states[first::2]


INTACT = Broken()


def stream(network: Network, run: Trace, broken: Broken = INTACT) -> Stream:
    """The forward pass of `run`'s tokens through the network, or through what is left of it."""
    with torch.inference_mode():
        added, x = _tables(network, torch.tensor(run.token_ids))  # P tensors of (T, C), and their sum
        states = [*torch.stack(added).cumsum(dim=0)[:-1], x]
        order = maths.pre_norm if network.pre_norm else maths.post_norm
        for layer, block in enumerate(network.blocks):
            parts, after = maths.block(states[-1], taken_out(block, layer, broken), order)
            added, states = [*added, *parts], [*states, *after]
    tables = tuple((name, -1) for name, _ in network.tables)
    parts = ((part, layer) for layer in range(len(network.blocks)) for part in ("attention", "mlp"))
    return Stream((*tables, *parts), torch.stack(added).numpy(), torch.stack(states).numpy(), network.pre_norm)


def both_orders(network: Network, found: Stream, run: Trace) -> tuple[Floats, Floats]:
    """The states after each part, (P, T, C), in the model's own order and with its norms in the other place."""
    return found.states, stream(replace(network, pre_norm=not network.pre_norm), run).states


def _tables(network: Network, token_ids: Tensor) -> tuple[list[Tensor], Tensor]:
    """The row of each table for each token, (T, C) each, and what enters the first block."""
    places = torch.arange(len(token_ids))
    rows = {"embedding": token_ids, "position": places, "segment": torch.zeros_like(places)}
    added = [table[rows[name]] for name, table in network.tables]
    return added, maths.layer_norm(sum(added), network.tables_norm)


def taken_out(block: Block, layer: int, broken: Broken) -> Block:
    """The block without the part that the switch takes out, if it is one of its layers."""
    if broken.layer not in (None, layer):
        return block
    changes = {
        "none": {},
        "residual": {"keep": 0.0},
        "norm": {"norm_1": None, "norm_2": None},
        "mlp": {"mlp": _silent(block.mlp)},
        "attention": {"attention": _silent(block.attention)},
    }
    return replace(block, **changes[broken.part])


def _silent(part: Attention | Mlp) -> Attention | Mlp:
    """The part with an output table of zeros: it adds nothing."""
    return replace(part, W_out=torch.zeros_like(part.W_out), b_out=torch.zeros_like(part.b_out))


def difference(found: Stream, run: Trace) -> float:
    """The largest difference between our states and the model's own, relative to the largest number in them.

    Hugging Face's last state has passed the final norm in a model that normalises first, so that one is left out here:
    the logits hold it.
    """
    last = -1 if found.pre_norm else None
    own = run.hidden_states[:last]
    return float(np.abs(found.layers[:last] - own).max() / np.abs(own).max())


def follows(found: Stream, run: Trace) -> bool:
    """Whether our few lines are this model's forward pass."""
    return difference(found, run) < CLOSE


def sweep(network: Network, run: Trace, word: int) -> Floats:
    """What is left of a word's probability after the text, with each part taken out of all layers and of each alone.

    Returns (4, 1 + L), rows as in SWITCHES. The network must read its states out.
    """
    layers = (None, *range(len(network.blocks)))
    left = [[_probability(network, stream(network, run, Broken(part, layer)), word) for layer in layers]
            for part in SWITCHES]  # fmt: skip
    return np.array(left, dtype=np.float32)


def _probability(network: Network, found: Stream, word: int) -> float:
    with torch.inference_mode():
        logits = maths.logit_lens(torch.tensor(found.states[-1, -1]), network.final_norm, network.unembedding)  # (V,)
        return float(torch.softmax(logits, dim=-1)[word])
