"""Lay the paths of all strategies into one tree: equal beginnings are one branch."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import cache

import torch
from numpy.typing import NDArray
from torch import Tensor

from model_utils.decoding.values import Choice, Node, Path, Tree
from model_utils.decoding.walking import SHOWN, Ids, NextLogits, Walk

Truth = Callable[[Ids], NDArray | None]  # the tokens so far -> the exact probability of each next token (V,), if known
ReadOut = Callable[[Ids], str]  # tokens as the text they stand for


def grown(
    prompt: Ids,
    walks: Sequence[Walk],
    next_logits: NextLogits,
    vocabulary: Sequence[str],
    ends: Collection[int],
    read_out: ReadOut,
    truth: Truth = lambda ids: None,
) -> Tree:
    """The tree of `walks`, its nodes in the order in which they are reached: step by step, path by path."""
    through, begun = _through(walks), read_out(prompt)
    log_probs = cache(lambda ids: torch.log_softmax(next_logits(prompt + ids).double(), dim=-1))  # (V,) float64
    numbers = {ids: number for number, ids in enumerate(through)}
    root = Node(0, None, begun, prompt[-1], 0, 0.0, 1.0, None, _names(through[()]), False, _cut((), through[()]))
    nodes, choices = [root], {}
    for ids in list(through)[1:]:
        log_probability = float(log_probs(ids[:-1])[ids[-1]])
        known = truth(prompt + ids[:-1])
        before = nodes[numbers[ids[:-1]]]
        node = Node(
            id=len(nodes),
            parent=before.id,
            token=vocabulary[ids[-1]],
            token_id=ids[-1],
            step=len(ids),
            log_probability=before.log_probability + log_probability,
            probability=math.exp(log_probability),
            truth=None if known is None else float(known[ids[-1]]),
            paths=_names(through[ids]),
            end=ids[-1] in ends,
            cut=_cut(ids, through[ids]),
        )
        nodes.append(node)
    for node, ids in zip(nodes, through, strict=True):
        if node.cut or not node.end:
            choices[node.id] = _choices(log_probs(ids), truth(prompt + ids), through[ids], len(ids), vocabulary)
    return Tree(begun, tuple(nodes), tuple(_path(each, prompt, begun, read_out) for each in walks), choices)


def _through(walks: Sequence[Walk]) -> dict[Ids, list[Walk]]:
    """Every beginning of every path, in the order in which they are reached, with the paths that begin so."""
    found: dict[Ids, list[Walk]] = defaultdict(list)
    for step in range(1 + max((len(each.ids) for each in walks), default=0)):
        for each in walks:
            if step <= len(each.ids):
                found[each.ids[:step]].append(each)
    return dict(found) or {(): []}


def _names(walks: Sequence[Walk]) -> tuple[str, ...]:
    return tuple(each.id for each in walks)


def _cut(ids: Ids, walks: Sequence[Walk]) -> dict[str, float]:
    """What each path that goes on from here, or was dropped here, lost of the model's distribution."""
    return {each.id: each.cut[len(ids)] for each in walks if len(ids) < len(each.cut)}


def _choices(
    log_probs: Tensor, known: NDArray | None, walks: Sequence[Walk], step: int, vocabulary: Sequence[str]
) -> tuple[Choice, ...]:
    """The likeliest tokens that may come next, with what each strategy made of them."""
    saw = {each.id: each.chances[step] for each in walks if step < len(each.chances)}
    found = []
    for token in log_probs.topk(min(SHOWN, len(log_probs))).indices.tolist():
        chances = {path: float(chance.get(token, 0.0)) for path, chance in saw.items()}
        probability = float(log_probs[token].double().exp())
        chance = next(iter(chances.values()), probability)
        exact = None if known is None else float(known[token])
        found.append(Choice(vocabulary[token], token, probability, chance, exact, chances))
    return tuple(found)


def _path(walk: Walk, prompt: Ids, begun: str, read_out: ReadOut) -> Path:
    text = read_out(prompt + walk.ids).removeprefix(begun)
    return Path(walk.id, walk.strategy, text, walk.log_probability, len(walk.ids), walk.score, walk.dropped_at)
