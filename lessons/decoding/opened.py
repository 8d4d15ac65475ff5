"""What stands behind one token of the tree: where its place looked, what each layer would have said, what is true."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.block.lens import Lens
from lessons.decoding.trees import said, tokens_to
from model_utils.decoding import Node, Path, Tree
from model_utils.decoding.networks import read_out
from model_utils.reading import read
from model_utils.types import Floats, Model, Trace

MOST_HEADS = 32  # rows of a map that can be read; of a larger model each layer's mean is drawn


@dataclass(frozen=True, eq=False)
class Layers:
    """What the model would say after each layer, 0 before the first block; N = L + 1."""

    words: tuple[str, ...]  # N: the likeliest token
    likeliest: NDArray[np.float64]  # (N,): its probability
    token: NDArray[np.float64]  # (N,): that of the token that was taken
    truth: float | None


def chosen(tree: Tree, asked: int | None) -> Node:
    """The node that was clicked; where the first path ends until then, or when the tree is another one now."""
    inside = asked is not None and 0 < asked < len(tree.nodes)
    return tree.nodes[asked] if inside else last_node(tree, tree.paths[0])


def last_node(tree: Tree, path: Path) -> Node:
    """Where a path ends."""
    return max((node for node in tree.nodes if path.id in node.paths), key=lambda node: node.step)


def read_before(model: Model, text: str, tree: Tree, node: Node) -> str:
    """The text that the model had read when it came to this node's token."""
    ids = tuple(each.token_id for each in tokens_to(tree, node)[:-1])
    return read_out(model, read(model, text).ids + ids) if ids else text


def same_tokens(run: Trace, model: Model, text: str, tree: Tree, node: Node) -> bool:
    """Whether the text, read again, falls into the very tokens that were written."""
    ids = tuple(each.token_id for each in tokens_to(tree, node)[:-1])
    return tuple(run.token_ids.tolist()) == read(model, text).ids + ids


def looks(run: Trace) -> tuple[tuple[str, ...], Floats]:
    """The last place's weights in every head, "layer.head", or in every layer's mean: names (R,), weights (R, T)."""
    weights = [each.attn_weights[:, -1] for each in run.attentions]  # L of (H, T)
    if sum(len(rows) for rows in weights) > MOST_HEADS:
        return tuple(str(layer) for layer in range(len(weights))), np.stack([rows.mean(axis=0) for rows in weights])
    names = tuple(f"{layer}.{head}" for layer, rows in enumerate(weights) for head in range(len(rows)))
    return names, np.concatenate(weights)


def layers(lens: Lens, token_id: int, run: Trace, vocabulary: tuple[str, ...], reads_meadow: bool) -> Layers:
    """The logit lens at the last place of `run`, and what it gives to one token."""
    best = lens.last.argmax(axis=1)  # (N,)
    known = said(run.text, vocabulary) if reads_meadow else None
    return Layers(
        tuple(vocabulary[place] for place in best),
        lens.last.max(axis=1),
        lens.last[:, token_id],
        None if known is None else float(known[token_id]),
    )


def truth_by_token(run: Trace, vocabulary: tuple[str, ...], reads_meadow: bool) -> Mapping[str, float] | None:
    """Meadow's exact probability of each token that may follow `run`'s text; None where it is not known."""
    known = said(run.text, vocabulary) if reads_meadow else None
    return None if known is None else {vocabulary[place]: float(known[place]) for place in np.flatnonzero(known)}
