"""The plain values of Meadow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

END = "<|endoftext|>"  # stands where a document may stop


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One English word with its Chinese. A choice among Words decides the very next word that is said."""

    english: str
    chinese: str
    category: str
    sense: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Noun(Word):
    """A noun in one number; `measure` is its Chinese measure word, `plural` says which form this is."""

    measure: str = "个"
    plural: bool = False
    pronoun: str = ""  # "he", "she" or "" where the noun does not tell


class Choose(Protocol):
    def __call__(self, options: Sequence[Any], weights: Sequence[float] | None = None) -> Any: ...


class Say(Protocol):
    def __call__(self, word: Word | str, chinese: str | None = None, back: int = 0, role: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer the document holds."""

    english: str
    chinese: str
    answer_english: str
    answer_chinese: str


@dataclass(frozen=True, slots=True)
class Notes:
    """What a kind knows about the document it has just said, beyond its words."""

    sentiment: str = ""  # "positive", "negative", "neutral" or "" where none is meant
    questions: tuple[Question, ...] = ()
    summary_english: str = ""
    summary_chinese: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Words first to last (inclusive) of a document, with what they are: a role, an entity's type, a sense."""

    label: str
    first: int
    last: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Document:
    """One sampled document. `alignment[i]` is the span [start, end) of `chinese` that word i of `words` speaks of."""

    kind: str
    english: str
    chinese: str
    words: tuple[str, ...]
    log_probability: float  # natural log, of this derivation, its end included
    alignment: tuple[tuple[int, int], ...]
    roles: tuple[Span, ...]
    entities: tuple[Span, ...]
    senses: tuple[Span, ...]
    sentiment: str
    questions: tuple[Question, ...]
    summary: str
    summary_chinese: str


@dataclass(frozen=True, slots=True)
class Exploration:
    """All that exact inference learns about some words in one pass.

    masses[i] is the probability that a document opens with the first i words (masses[0] = 1);
    following holds the probability of all words together with each next word (or END).
    """

    masses: tuple[float, ...]
    following: Mapping[str, float] = field(default_factory=dict)


class NotMeadow(ValueError):
    """A text that no document of Meadow opens with; `position` counts words from 0, `word` is the first misfit."""

    def __init__(self, word: str, position: int) -> None:
        self.word, self.position = word, position
        shown = word if len(word) <= 40 else word[:40] + "…"
        super().__init__(f"word {position + 1} does not fit: {shown!a}")

    def __reduce__(self) -> tuple[type, tuple[str, int]]:
        return type(self), (self.word, self.position)
