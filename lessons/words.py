"""Words that stand in no lesson: the interface's own, the glossary, and example sentences for prompt boxes."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Term:
    """A term of the field: its name in the reader's language, in English, and what it means in one line."""

    key: str
    name: str
    english: str
    meaning: str


@dataclass(frozen=True)
class Misconception:
    """What learners often think, and what is so. `number` is the one that lessons and checks cite."""

    number: int
    think: str
    actually: str


def ui_text(language: str) -> Mapping[str, str]:
    """The interface's words, flat: `"checks.retry" -> "Try again"`. KeyError for a language that is not there."""
    return _flat(language, (HERE / "ui_text.toml").stat().st_mtime_ns)


def glossary(language: str) -> tuple[Term, ...]:
    """All terms, in the order of the file."""
    entries = _load("glossary.toml", (HERE / "glossary.toml").stat().st_mtime_ns)
    return tuple(Term(key, entry[language], entry["en"], entry["meaning"][language]) for key, entry in entries.items())


def misconceptions(language: str) -> Mapping[int, Misconception]:
    """All of them, by number."""
    entries = _load("misconceptions.toml", (HERE / "misconceptions.toml").stat().st_mtime_ns)["misconception"]
    return {
        entry["number"]: Misconception(entry["number"], entry["think"][language], entry["actually"][language])
        for entry in entries
    }


def terms_in(text: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The terms that a text uses by name, in their own order.

    English names count as whole words, plurals included. A Chinese name of one character is part of many words: it
    counts where the text introduces it, with the English in brackets.
    """
    return tuple(term for term in terms if _pattern(term.name, term.english).search(text))


def examples(kind: str) -> tuple[str, ...]:
    """Sentences that suit a model: kind is "meadow", "english", "chinese" or "masked"."""
    return tuple(_load("examples.toml", (HERE / "examples.toml").stat().st_mtime_ns)[kind])


@lru_cache(maxsize=512)
def _pattern(name: str, english: str) -> re.Pattern[str]:
    if name.isascii():
        return re.compile(rf"\b{re.escape(name)}(?:e?s)?\b", re.IGNORECASE)
    return re.compile(rf"{name}\**（{re.escape(english)}" if len(name) == 1 else re.escape(name))


@lru_cache(maxsize=8)
def _flat(language: str, modified: int) -> Mapping[str, str]:
    sections = _load("ui_text.toml", modified)
    return MappingProxyType(
        {f"{section}.{key}": text[language] for section, texts in sections.items() for key, text in texts.items()}
    )


@lru_cache(maxsize=8)
def _load(name: str, modified: int) -> dict:
    """`modified` is part of the key, so that an edited file is read again."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))
