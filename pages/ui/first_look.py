"""The first screen's forward pass: kept for the sentence everybody meets first, live for any other."""

import logging
from dataclasses import dataclass
from functools import cache

from model_utils import first_trace
from model_utils.decoding import next_token_distribution, top
from model_utils.types import Trace
from pages.ui.running import traced, vocabulary_of

SHOWN = 6  # next words beside the arcs
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Look:
    """One pass and its likeliest next words, as (token, probability)."""

    run: Trace
    next_words: tuple[tuple[str, float], ...]


def first_look(model_id: str, text: str) -> Look | None:
    """The pass over `text`, or None after a sentence was drawn."""
    kept = _kept(model_id)
    if kept is not None and (kept.run.model_id, kept.run.text) == (model_id, text):
        return kept
    run = traced(model_id, text)
    vocabulary = None if run is None else vocabulary_of(model_id)
    return None if vocabulary is None else _look(run, vocabulary)


@cache
def _kept(model_id: str) -> Look | None:
    """The pass that was kept when the model was trained, so that the first paint need not wait for torch."""
    try:
        return _look(*first_trace.load(model_id))
    except (OSError, KeyError, ValueError):
        LOG.warning("No first trace beside %s: the first screen runs it instead", model_id)
        return None


def _look(run: Trace, vocabulary: tuple[str, ...]) -> Look:
    likeliest = top(next_token_distribution(run.logits[-1]), vocabulary, SHOWN)
    return Look(run, tuple((token, probability) for token, probability, _ in likeliest))
