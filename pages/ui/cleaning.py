"""Text from learners and links, as a person would see it."""

import unicodedata

TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")  # they turn what stands after them


def clean(text: str) -> str:
    """Text without what nobody can see: control characters, lone surrogates, marks that turn the reading direction."""
    kept = "".join(visible(character) for character in text)
    return " ".join(kept.split())


def visible(character: str) -> str:
    """A character as itself, or what is left of it."""
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category == "Cc":
        return " "
    return "" if character in TURNS else character
