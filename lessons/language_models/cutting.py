"""Text to words and back, for any writing: where no spaces stand between words, each character counts as one."""

from collections.abc import Sequence
from functools import lru_cache

import regex

from model_utils.meadow import END

# Writings that put no spaces between words. A character is what a reader sees as one: a grapheme.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}\p{{Pc}}\u200c\u200d]--[{_UNSPACED}]]"
_WORD = regex.compile(rf"(?V1){_LETTER}+(?:['’]{_LETTER}+)*|\X")
_SENTENCE = regex.compile(r"(?V1)[^.!?。！？…\n]*(?:[.!?。！？…]+[\"'”’」』)）]*|\n|$)")
_CLOSES, _OPENS = regex.compile(r"[\p{Pe}\p{Pf},.:;!?%…]"), regex.compile(r"[\p{Ps}\p{Pi}]")
_WIDE = regex.compile(rf"[{_UNSPACED}\u3000-\u303f\uff00-\uffef]")
LONGEST_PIECE = 80  # words: a text without a full stop is cut, so that no sequence is endless
Words = tuple[str, ...]


def words(text: str) -> Words:
    """Runs of letters (with the apostrophes inside them), single characters of Chinese and the like, single signs."""
    return tuple(found for found in _WORD.findall(text) if not found.isspace())


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[Words, ...]:
    """The words of each sentence or line, END after each. () for a text without any."""
    pieces = (words(match.group()) for match in _SENTENCE.finditer(text))
    short = (piece[at : at + LONGEST_PIECE] for piece in pieces for at in range(0, len(piece), LONGEST_PIECE))
    return tuple((*piece, END) for piece in short)


def vocabulary(texts: Sequence[Words]) -> Words:
    """Every word of the texts, END first, in the order in which they came."""
    return tuple(dict.fromkeys([END, *(word for text in texts for word in text)]))


def written(shown: Sequence[str]) -> str:
    """Words as running text: a space between two, none before a closing mark, after an opening one, or in Chinese."""
    text = ""
    for word in shown:
        close = not text or _CLOSES.match(word) or _OPENS.match(text[-1]) or _WIDE.match(text[-1]) or _WIDE.match(word)
        text += word if close else f" {word}"
    return text
