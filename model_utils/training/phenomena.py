"""Where a Meadow document puts a model to the test: places whose next word follows from one particular skill."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Protocol

from model_utils.meadow.world import ANIMALS, CITIES, FOLK, LANDMARKS, PROFESSIONS, THINGS

PLURALS = {many.english for _, many in (*FOLK, *LANDMARKS, *THINGS)} | {
    pair.many.english for pair in (*ANIMALS, *PROFESSIONS)
}
CAPITALS = {city.english for city in CITIES}
PRONOUNS = {"he", "she", "He", "She", "his", "her"}
GRAMMAR = {"the", "."}


class Told(Protocol):
    """What is read of a document: its kind and its words."""

    kind: str
    words: tuple[str, ...]


def agreement(document: Told) -> Iterator[int]:
    """The verb of "The dogs near the tree are ...", where the nearest noun has the other number."""
    words = document.words
    if document.kind == "agreement" and (words[1] in PLURALS) != (words[4] in PLURALS):
        yield 5


def capitals(document: Told) -> Iterator[int]:
    """The capital that ends "The capital of France is Paris" or answers "What is the capital of France?"."""
    if document.kind == "capitals" and document.words[0] in ("The", "What"):
        yield next(place for place, word in enumerate(document.words) if word in CAPITALS)


def copying(document: Told) -> Iterator[int]:
    """The nouns, verbs and colours that are said again after "Again:"."""
    if document.kind == "copies":
        again = document.words.index("Again")
        yield from (place for place in range(again + 2, len(document.words)) if document.words[place] not in GRAMMAR)


def induction(document: Told) -> Iterator[int]:
    """A list's next item, when the item before it has been followed by it once already."""
    if document.kind == "lists":
        words = document.words
        pairs = list(pairwise(words))
        yield from (place for place in range(3, len(words)) if pairs[place - 1] in pairs[: place - 1])


def pronouns(document: Told) -> Iterator[int]:
    """Every he, she, his and her of the document."""
    yield from (place for place, word in enumerate(document.words) if word in PRONOUNS)


def answers(document: Told) -> Iterator[int]:
    """Where the thing is, or who has it: the last place or person of the answer."""
    if document.kind == "where":
        yield len(document.words) - 2
    if document.kind == "who":
        yield document.words.index("?") + 1


def sentiment(document: Told) -> Iterator[int]:
    """The verdict after "Sentiment:" at the end of a review."""
    if document.kind == "reviews":
        yield len(document.words) - 2


PHENOMENA: Mapping[str, Callable[[Told], Iterator[int]]] = {
    skill.__name__: skill for skill in (agreement, capitals, copying, induction, pronouns, answers, sentiment)
}
