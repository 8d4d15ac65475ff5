"""Small decoding trees and logits for the tests of what draws them."""

import math

import numpy as np

from model_utils.decoding.values import Choice, Node, Path, Tree
from tests.lens.runs import HOSTILE

NAMES = {"greedy": "greedy", "top_p": "top-p", "beam": "<b>beam</b>"}
# id, parent, token, probability, paths, what top-p cut there
_NODES = (
    (0, None, "The dogs near", 1.0, "greedy top_p beam-0 beam-1", 0.25),
    (1, 0, " the", 0.6, "greedy beam-0 beam-1", 0.0),
    (2, 0, HOSTILE[2], 0.2, "top_p", 0.125),
    (3, 1, " tree", 0.5, "greedy beam-0", 0.0),
    (4, 1, HOSTILE[3], 0.3, "beam-1", 0.0),
    (5, 2, " a", 0.9, "top_p", 0.0),
    (6, 3, " are", 0.4, "greedy", 0.0),
    (7, 3, ".", 0.1, "beam-0", 0.0),
)


def small_tree() -> Tree:
    """Three strategies, four paths of at most three steps, one of them pruned, one at its end; hostile tokens."""
    nodes, steps, logs = [], {}, {}
    for id, parent, token, probability, through, cut in _NODES:
        steps[id] = 0 if parent is None else steps[parent] + 1
        logs[id] = math.log(probability) + (0.0 if parent is None else logs[parent])
        truth = 0.0 if id == 4 else None
        cuts = {"top_p": cut} if cut else {}
        paths = tuple(through.split())
        nodes.append(Node(id, parent, token, 100 + id, steps[id], logs[id], probability, truth, paths, id == 7, cuts))
    paths = tuple(
        Path(name, name.split("-")[0], "", logs[last], steps[last], -1.0 if last == 7 else logs[last], dropped)
        for name, last, dropped in (("greedy", 6, None), ("top_p", 5, None), ("beam-0", 7, None), ("beam-1", 4, 2))
    )
    return Tree("The dogs near", tuple(nodes), paths, {id: _choices(id) for id in range(6)})


def _choices(node: int) -> tuple[Choice, ...]:
    """The children of a node and others, eight in all."""
    real = [(token, 100 + id, probability) for id, parent, token, probability, *_ in _NODES if parent == node]
    more = [(f" w{n}", 200 + n, 0.01) for n in range(8 - len(real))]
    return tuple(
        Choice(token, id, probability, probability, None, {"greedy": float(place == 0), "top_p": probability * 1.25})
        for place, (token, id, probability) in enumerate(sorted(real + more, key=lambda one: -one[2]))
    )


def long_tree(paths: int = 12, steps: int = 24) -> Tree:
    """As large as trees get: all paths share the first steps and then go their own way."""
    nodes, names = [Node(0, None, "x", 0, 0, 0.0, 1.0, None, tuple(map(str, range(paths))), False, {})], range(paths)
    last = dict.fromkeys(names, 0)
    for step in range(1, steps + 1):
        for name in names:
            if step < 4 and name:
                last[name] = last[0]
                continue
            token = f" word{step}" if step < 4 else f" {'w' * (name % 9 + 1)}{step}"
            through = tuple(map(str, names)) if step < 4 else (str(name),)
            log = nodes[last[name]].log_probability + math.log(0.5)
            nodes.append(Node(len(nodes), last[name], token, step, step, log, 0.5, None, through, False, {}))
            last[name] = len(nodes) - 1
    every = tuple(Path(str(name), f"s{name % 6}", "", 0.0, steps, 0.0, None) for name in names)
    return Tree("x", tuple(nodes), every, {})


def logits_of(V: int = 300, seed: int = 0) -> np.ndarray:
    """Logits (V,) of a spread that models have."""
    return np.random.default_rng(seed).normal(0, 2.5, V).astype(np.float32)


def vocabulary_of(V: int = 300) -> tuple[str, ...]:
    """V tokens, the hostile ones first."""
    return tuple(HOSTILE[n] if n < len(HOSTILE) else f" word{n}" for n in range(V))
