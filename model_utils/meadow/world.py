"""The small world that Meadow speaks of, read from world/*.toml into tuples of words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from model_utils.meadow.types import Noun, Word

Pair = tuple[Noun, Noun]  # singular, plural


@dataclass(frozen=True, slots=True, eq=False)
class Animal:
    one: Noun
    many: Noun
    size: int  # 0 to 6; equal sizes are never compared
    home: Word
    food: Word
    legs: Word | None  # None where it has none
    ability: Word


@dataclass(frozen=True, slots=True, eq=False)
class Profession:
    one: Noun
    many: Noun
    verb: Word
    product: Word
    workplace: Word


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    name: Word
    capital: Word
    language: Word | None


def table(name: str) -> Mapping[str, Any]:
    """One TOML file of this package."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _pair(one: str, many: str, chinese: str, measure: str, category: str, pronoun: str = "") -> Pair:
    return (
        Noun(one, chinese, category, measure=measure, pronoun=pronoun),
        Noun(many, chinese, category, measure=measure, pronoun=pronoun, plural=True),
    )


def _pairs(rows: Mapping[str, list[str]], category: str) -> tuple[Pair, ...]:
    """Of rows: singular = [plural, Chinese, measure word, and for people a pronoun]."""
    return tuple(_pair(one, *row[:3], category, *row[3:]) for one, row in rows.items())


def _words(rows: Mapping[str, Any], category: str, column: int | None = None) -> tuple[Word, ...]:
    return tuple(Word(word, row if column is None else row[column], category) for word, row in rows.items())


def _by_english(words: tuple[Word, ...]) -> Mapping[str, Word]:
    return {word.english: word for word in words}


_people, _animals, _things = table("world/people.toml"), table("world/animals.toml"), table("world/things.toml")
_places, _qualities, _time = table("world/places.toml"), table("world/qualities.toml"), table("world/time.toml")

NAMES = tuple(Noun(name, zh, "person", pronoun=pronoun) for name, (zh, pronoun) in _people["names"].items())
FOLK = _pairs(_people["folk"], "folk")


def _profession(one: str, row: list[str]) -> Profession:
    many, zh, verb, verb_zh, product, product_zh, workplace, workplace_zh = row
    return Profession(
        *_pair(one, many, zh, "名", "profession"),
        Word(verb, verb_zh, "verb"), Word(product, product_zh, "product"), Word(workplace, workplace_zh, "place"),
    )


PROFESSIONS = tuple(_profession(one, row) for one, row in _people["professions"].items())

HOMES = _words(_animals["homes"], "place", 1)
HOME_PREPOSITION = {home: _animals["homes"][home.english][0] for home in HOMES}
HOME_AT = {home: home.chinese + _animals["homes"][home.english][2] for home in HOMES}  # with its Chinese localiser
FOODS = _by_english(_words(_animals["foods"], "product"))
LEGS = _by_english(_words(_animals["legs"], "number"))
ABILITIES = _by_english(_words(_animals["abilities"], "verb"))


def _animal(one: str, row: list[Any]) -> Animal:
    many, zh, measure, size, home, food, legs, ability = row
    return Animal(
        *_pair(one, many, zh, measure, "animal"),
        size, _by_english(HOMES)[home], FOODS[food], LEGS[legs] if legs else None, ABILITIES[ability],
    )


ANIMALS = tuple(_animal(one, row) for one, row in _animals["animals"].items())

THINGS = _pairs(_things["things"], "thing")
THINGS_ONE = tuple(one for one, _ in THINGS)
THINGS_MANY = tuple(many for _, many in THINGS if many.english)
LANDMARKS = _pairs(_things["landmarks"], "landmark")
NATURE = _words(_things["nature"], "nature")
SPOTS = {preposition: _words(rows, "spot") for preposition, rows in _things["spots"].items()}
PREPOSITIONS = tuple(Word(word, _things["prepositions"][word], "preposition") for word in SPOTS)

COUNTRIES = tuple(
    Country(Word(name, zh, "country"), Word(capital, capital_zh, "city"),
            Word(language, language_zh, "language") if language else None)
    for name, (zh, capital, capital_zh, language, language_zh) in _places["countries"].items()
)
LANGUAGES = tuple(country.language for country in COUNTRIES if country.language)
CITIES = tuple(country.capital for country in COUNTRIES)
DESTINATIONS = _words(_places["destinations"], "place")

COLOURS = _words(_qualities["colours"], "colour", 0)
COLOURS_ARE = _words(_qualities["colours"], "colour", 1)  # as a predicate
QUALITIES_ARE = _words(_qualities["thing_qualities"], "quality")
CHARACTERS = _words(_qualities["characters"], "character")
FEELINGS = _by_english(_words(_qualities["feelings"], "feeling", 0))
SENTIMENTS = {word: sentiment for word, (_, sentiment) in _qualities["feelings"].items()}

DAYS = _words(_time["days"], "day")
SEASONS = tuple((Word(season, zh, "season", *sense), Word(quality, quality_zh, "quality"))
                for season, (zh, quality, quality_zh, *sense) in _time["seasons"].items())
SEASON_NAMES = tuple(season for season, _ in SEASONS)
DIGITS = _words(_time["numbers"], "number", 0)
COUNTS = _words(_time["numbers"], "number", 1)
