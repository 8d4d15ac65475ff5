"""Every word of Meadow, with its category."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from model_utils.meadow import world
from model_utils.meadow.kinds.agreement import NEAR, STATES
from model_utils.meadow.kinds.patterns import DID
from model_utils.meadow.kinds.phrases import PRONOUN_WORDS
from model_utils.meadow.kinds.reviews import PARTS, SUBJECTS, VERDICTS
from model_utils.meadow.kinds.senses import SENSES
from model_utils.meadow.types import Word

_TABLES = (
    world.NAMES, world.ANIMALS, world.FOLK, world.PROFESSIONS, world.THINGS, world.LANDMARKS, world.NATURE, world.SPOTS,
    world.COUNTRIES, world.DESTINATIONS, world.HOMES, world.FOODS, world.COLOURS, world.QUALITIES_ARE, world.CHARACTERS,
    world.FEELINGS, world.DAYS, world.SEASONS, world.DIGITS, world.LEGS, world.ABILITIES, STATES, NEAR,
    DID, PRONOUN_WORDS, world.PREPOSITIONS, SENSES, PARTS, tuple(SUBJECTS), VERDICTS,
)


def _words_in(value: Any) -> Iterator[Word]:
    """The Words in nested tuples, mappings and dataclasses; bare strings are not words of a table."""
    if isinstance(value, Word):
        yield value
    elif isinstance(value, Mapping):
        yield from _words_in(tuple(value.values()))
    elif is_dataclass(value):
        yield from _words_in(tuple(getattr(value, each.name) for each in fields(value)))
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for each in value:
            yield from _words_in(each)


@lru_cache(maxsize=1)
def categories() -> Mapping[str, str]:
    """Word -> category, such as "person", "animal", "city", "colour", "verb"; a word of several has its first."""
    found: dict[str, str] = {}
    for word in _words_in(_TABLES):
        if word.english:
            found.setdefault(word.english, word.category)
    for category, listed in world.table("world/lexicon.toml").items():
        for each in listed.split():
            found.setdefault(each, category)
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def vocabulary() -> tuple[str, ...]:
    """Every word that Meadow can say, punctuation included, in alphabetical order; END is not a word."""
    return tuple(sorted(categories()))
