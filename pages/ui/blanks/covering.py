"""A text with some of its words covered: pure text in, text out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MASK = "[MASK]"
MOST_WORDS = 60  # of a text that can be covered one by one
_MASK = r"\[MASK\]|<mask>"
# A mask, a Chinese character (there are no spaces to go by), a word with its apostrophes, or one other sign.
_PIECE = re.compile(rf"{_MASK}|[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:['\u2019]\w+)*|[^\w\s]", re.IGNORECASE)
_IS_MASK = re.compile(_MASK, re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """One word of a text, where it stands in it, and whether it is a mask that the learner typed."""

    word: str
    start: int
    end: int
    typed: bool

    @property
    def is_word(self) -> bool:
        """A word, not a full stop or another sign."""
        return not self.typed and any(letter.isalnum() for letter in self.word)


@dataclass(frozen=True)
class Covered:
    """`text` with a [MASK] for each gap, and for each gap what stood there: None where the learner typed the mask."""

    text: str
    answers: tuple[str | None, ...]


def pieces(text: str) -> tuple[Piece, ...]:
    """The first MOST_WORDS words and signs of a text."""
    found = (Piece(match[0], *match.span(), bool(_IS_MASK.fullmatch(match[0]))) for match in _PIECE.finditer(text))
    return tuple(piece for _, piece in zip(range(MOST_WORDS), found, strict=False))


def cover(text: str, found: Sequence[Piece], places: Iterable[int]) -> Covered:
    """The text with these pieces covered, and every typed mask written in one way."""
    wanted, parts, answers, at = set(places), [], [], 0
    for place, piece in enumerate(found):
        if piece.typed or place in wanted:
            parts += [text[at : piece.start], MASK]
            answers.append(None if piece.typed else piece.word)
            at = piece.end
    return Covered("".join([*parts, text[at:]]), tuple(answers))


def offered(found: Sequence[Piece]) -> tuple[int, ...]:
    """What is covered of a text without a mask: its last word."""
    if any(piece.typed for piece in found):
        return ()
    return tuple([place for place, piece in enumerate(found) if piece.is_word][-1:])


def without_masks(text: str) -> str:
    """The text without the masks that were typed into it."""
    return _IS_MASK.sub("", text)


def in_own_words(text: str, mask: str) -> str:
    """The text with the model's own mask, such as RoBERTa's, in place of each [MASK]."""
    return text.replace(MASK, mask)


def write_places(places: Iterable[int]) -> str:
    """Covered places as they stand in a link."""
    return ".".join(map(str, sorted(places))) or "none"


def read_places(text: str, count: int) -> tuple[int, ...] | None:
    """The places that a link holds, those below `count`; None for what is no list of places."""
    if text == "none":
        return ()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})*", text, re.ASCII):
        return None
    return tuple(sorted({place for place in map(int, text.split(".")) if place < count}))
