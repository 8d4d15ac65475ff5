"""Text to words and back. A word is a run of letters, or one mark of punctuation."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

LONGEST = 160  # words; no document is longer (a test holds it), so nothing beyond needs to be read
_WORD = re.compile(r"\w+|[^\w\s]")
_CLOSING = {" .": ".", " ,": ",", " ?": "?", " :": ":"}


def tokenize(text: str, limit: int | None = None) -> tuple[str, ...]:
    """The words of a text, unknown ones included; at most `limit` of them."""
    if limit is None:
        return tuple(_WORD.findall(text))
    return tuple(match.group() for match in islice(_WORD.finditer(text), limit))


def detokenize(words: Iterable[str]) -> str:
    """Words as running text: one space between them, none before punctuation."""
    text = " ".join(words)
    for spaced, closed in _CLOSING.items():
        text = text.replace(spaced, closed)
    return text


@lru_cache(maxsize=4096)
def split(chunk: str) -> tuple[str, ...]:
    """The words of a chunk as the grammar writes it: separated by spaces, punctuation too."""
    return tuple(chunk.split())
