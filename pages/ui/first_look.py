"""The first screen's forward pass: precomputed for the sentence everybody meets first, live for any other."""

from dataclasses import dataclass

from model_utils.types import Trace
from pages.ui.running import traced, vocabulary_of

SHOWN = 6  # next words beside the arcs


@dataclass(frozen=True, eq=False)
class Look:
    """One pass and its likeliest next words, as (token, probability)."""

    run: Trace
    next_words: tuple[tuple[str, float], ...]


def first_look(model_id: str, text: str) -> Look | None:
    """The pass over `text`, or None after a sentence was drawn."""
    from model_utils.decoding import next_token_distribution, top

    run = traced(model_id, text)
    vocabulary = None if run is None else vocabulary_of(model_id)
    if vocabulary is None:
        return None
    likeliest = top(next_token_distribution(run.logits[-1]), vocabulary, SHOWN)
    return Look(run, tuple((token, probability) for token, probability, _ in likeliest))
