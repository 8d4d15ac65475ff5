"""The form of a poem: its lines, how long they are, and the control tokens that ask for it."""

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType

from model_utils.training.texts import Poem


@cache
def _words() -> MappingProxyType:
    return MappingProxyType(tomllib.loads((Path(__file__).with_name("poem_forms.toml")).read_text(encoding="utf-8")))


def controls() -> MappingProxyType[str, str]:
    """The control tokens by name: "five", "seven", "mixed", "ci", and "4" and "8" for so many lines."""
    return MappingProxyType(_words()["controls"])


def breaks() -> str:
    """The punctuation marks that end a line."""
    return _words()["breaks"]


def lines_of(text: str) -> list[str]:
    """The lines of a poem, without the marks that end them."""
    return text.translate(dict.fromkeys(map(ord, breaks()), "\n")).split()


def form_of(poem: Poem) -> str:
    """ "five" or "seven" when every line has as many characters, else "mixed"; "ci" for every ci."""
    lengths = {len(line) for line in lines_of(poem.text)}
    return "ci" if poem.kind == "ci" else {(5,): "five", (7,): "seven"}.get(tuple(lengths), "mixed")


def controls_of(poem: Poem) -> tuple[str, ...]:
    """What asks for a poem like this one: its form, then its number of lines where there is a token for that."""
    names = (form_of(poem), str(len(lines_of(poem.text))))
    return tuple(controls()[name] for name in names if name in controls())
