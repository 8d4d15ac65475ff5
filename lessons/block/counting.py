"""The parameters of any network, counted once each, part by part."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from model_utils.types import Model

PARTS = ("embedding", "position", "attention", "mlp", "norm", "output", "rest")
# The first pattern that a parameter's name holds says what it belongs to; the order decides where two would fit.
NAMES = (
    ("norm", r"norm|(^|\.)ln_|layer_?norm|\bln\b"),
    ("position", r"position|\bwpe\b|pos_emb|relative_attention_bias"),
    ("mlp", r"mlp|\bfc[12]\b|\bffn|intermediate|feed_forward|densereludense|(?<!attention\.)output\.dense|\blin[12]\b"),
    ("attention", r"attn|attention|[qkvo]_proj"),
)


@dataclass(frozen=True)
class Count:
    """How many learnt numbers each part holds. `counts` follows PARTS."""

    counts: tuple[int, ...]
    own: int  # the model's own count

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def share_of_mlp(self) -> float:
        """Of attention and MLP together, what the MLPs hold; 0 where neither was recognised."""
        attention, mlp = (self.counts[PARTS.index(name)] for name in ("attention", "mlp"))
        return mlp / max(attention + mlp, 1)


@dataclass(frozen=True)
class Shape:
    """A stack of GPT-2's blocks: C numbers a state, 4 C hidden units."""

    width: int
    layers: int

    def of_block(self) -> tuple[int, int, int]:
        """Learnt numbers of attention, MLP and norms: four tables of C x C, two of C x 4C, and their biases."""
        C = self.width
        return 4 * C**2 + 4 * C, 8 * C**2 + 5 * C, 4 * C


def count(model: Model) -> Count:
    """Every parameter once: a table that serves twice, as the first and the last, is one."""
    network, counts = model.network, dict.fromkeys(PARTS, 0)
    tables = {"embedding": network.get_input_embeddings(), "output": network.get_output_embeddings()}
    known = {id(table.weight): name for name, table in reversed(tables.items()) if table is not None}
    for name, parameter in network.named_parameters():
        counts[known.get(id(parameter)) or _part(name)] += parameter.numel()
    return Count(tuple(counts.values()), model.parameters)


def in_words(found: Count, words: Mapping[str, str]) -> str:
    """The sum beside the model's own count, and the share of the MLPs."""
    total, own, share = f"{found.total:,}", f"{found.own:,}", f"{found.share_of_mlp:.1%}"
    said = words["counted"].format(total=total, own=own)
    return f"{said} {words['share'].format(share=share)}" if found.share_of_mlp else said


def _part(name: str) -> str:
    return next((part for part, pattern in NAMES if re.search(pattern, name.lower())), "rest")


def shape(model: Model) -> Shape | None:
    """What the formula of GPT-2's block needs; None for a network of another shape."""
    config = model.network.config
    usual = getattr(config, "model_type", "") == "gpt2" and config.n_inner in (None, 4 * config.n_embd)
    return Shape(config.n_embd, config.n_layer) if usual else None
