"""A model, a text and settings -> the tree of all strategies, with Meadow's truth at each node where there is one."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lessons.decoding.strategies import Settings, walks
from lessons.next_words import over_vocabulary
from model_utils import catalogue
from model_utils.decoding import Node, Tree
from model_utils.decoding.growing import Truth, grown
from model_utils.decoding.networks import ends_of, next_logits_of, read_out, room
from model_utils.meadow import NotMeadow, next_word_probabilities
from model_utils.queueing import Report
from model_utils.reading import read
from model_utils.types import Model


def tree(model: Model, text: str, asked: Settings, report: Report = lambda fraction, stage: None) -> Tree | None:
    """Every strategy from one text; None when the text fills the model's context."""
    prompt = read(model, text).ids
    steps = min(asked.steps, room(model, prompt))
    if steps < 1:
        return None
    next_logits, ends = next_logits_of(model, lambda: report(None, "decoding")), ends_of(model)
    settings = Settings(**{**vars(asked), "steps": steps})
    found = walks(next_logits, prompt, ends, settings)
    return grown(prompt, found, next_logits, model.vocabulary, ends, lambda ids: read_out(model, ids), truth_of(model))


def truth_of(model: Model) -> Truth:
    """What Meadow says may follow, over the model's vocabulary; None for a model that never learnt Meadow."""
    card = catalogue.find(model.id)
    if card is None or not card.reads_meadow:
        return lambda ids: None
    return lambda ids: said(read_out(model, ids), model.vocabulary)


@lru_cache(maxsize=2048)
def said(beginning: str, vocabulary: tuple[str, ...]) -> NDArray[np.float64] | None:
    """Meadow's exact probability of each token, (V,); None where the text is not Meadow."""
    try:
        return over_vocabulary(next_word_probabilities(beginning), vocabulary)
    except NotMeadow:
        return None


def tokens_to(tree: Tree, node: Node) -> tuple[Node, ...]:
    """The nodes from the first token after the prompt down to this one."""
    way: list[Node] = []
    while node.parent is not None:
        way.append(node)
        node = tree.nodes[node.parent]
    return tuple(reversed(way))
