"""Text from learners and models, made safe and visible as a Plotly label."""

import unicodedata
from collections.abc import Iterable

SPACE_MARK = "·"  # stands for the leading space of a token
LONGEST_LABEL = 24
_JOINERS = "\u200c\u200d"  # hold emoji and some scripts together inside a word, so they stay
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
# Plotly reads a few HTML tags, entities and $TeX$ in labels; braces only mean something in templates of our own.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})


def _visible(character: str) -> str:
    """A control, format or surrogate character as something that can be seen; any other as itself."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's control pictures: a newline is U+240A
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in _JOINERS:
        return f"‹{code:04X}›"
    return character


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text)


def safe_text(text: str, longest: int = LONGEST_LABEL) -> str:
    """`text` as a label that shows exactly what it holds and cannot act on the figure around it.

    A leading space becomes a thin mark; control, format and lone surrogate characters become visible; text that runs
    right to left is isolated, so that it cannot reorder its neighbours; markup, entities and TeX are escaped.
    More than `longest` characters are cut with an ellipsis.
    """
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.startswith(" "):
        text = SPACE_MARK + text[1:]
    shown = "".join(map(_visible, text)).translate(_ESCAPES)
    return f"{_ISOLATE}{shown}{_END_ISOLATE}" if _is_right_to_left(shown) else shown


def labels(tokens: Iterable[str]) -> list[str]:
    """`safe_text` of each token."""
    return [safe_text(token) for token in tokens]
