"""The small world that Meadow speaks of, read from world/*.toml into tuples of words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from model_utils.meadow.types import Noun, Word


def table(name: str) -> Mapping[str, Any]:
    """One TOML file of this package."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, eq=False)
class Animal:
    one: Noun
    many: Noun
    size: int
    home: Word
    food: Word
    legs: Word | None
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


def _noun(english: str, chinese: str, measure: str, category: str, plural: bool, lemma: str, pronoun: str = "") -> Noun:
    return Noun(english, chinese, category, "", measure, plural, lemma, pronoun)


def _pairs(rows: Mapping[str, list[str]], category: str) -> tuple[tuple[Noun, Noun], ...]:
    """(singular, plural) of every row [plural, Chinese, measure word, ...]."""
    return tuple(
        (_noun(one, row[1], row[2], category, False, one), _noun(row[0], row[1], row[2], category, True, one))
        for one, row in rows.items()
    )


def _words(rows: Mapping[str, Any], category: str, column: int | None = None) -> tuple[Word, ...]:
    return tuple(Word(word, row if column is None else row[column], category) for word, row in rows.items())


_people, _animals, _things = table("world/people.toml"), table("world/animals.toml"), table("world/things.toml")
_places, _qualities, _time = table("world/places.toml"), table("world/qualities.toml"), table("world/time.toml")

NAMES = tuple(Noun(name, zh, "person", "", "个", False, name, he) for name, (zh, he) in _people["names"].items())
FOLK = tuple((_noun(one, zh, mw, "folk", False, one, he), _noun(many, zh, mw, "folk", True, one, he))
             for one, (many, zh, mw, he) in _people["folk"].items())


def _profession(one: str, row: list[str]) -> Profession:
    many, zh, verb, verb_zh, product, product_zh, workplace, workplace_zh = row
    return Profession(
        _noun(one, zh, "位", "profession", False, one), _noun(many, zh, "位", "profession", True, one),
        Word(verb, verb_zh, "verb"), Word(product, product_zh, "product"), Word(workplace, workplace_zh, "place"),
    )


PROFESSIONS = tuple(_profession(one, row) for one, row in _people["professions"].items())

HOMES = _words(_animals["homes"], "place", 1)
HOME_PREPOSITION = {home: _animals["homes"][home.english][0] for home in HOMES}
HOME_AT = {home: home.chinese + _animals["homes"][home.english][2] for home in HOMES}  # with its Chinese localiser
FOODS = {food: Word(food, zh, "product") for food, zh in _animals["foods"].items()}
LEGS = {legs: Word(legs, zh, "number") for legs, zh in _animals["legs"].items()}
ABILITIES = {verb: Word(verb, zh, "verb") for verb, zh in _animals["abilities"].items()}


def _find(english: str, words: tuple[Word, ...]) -> Word:
    return next(word for word in words if word.english == english)


def _animal(one: str, row: list[Any]) -> Animal:
    many, zh, measure, size, home, food, legs, ability = row
    return Animal(
        _noun(one, zh, measure, "animal", False, one), _noun(many, zh, measure, "animal", True, one),
        size, _find(home, HOMES), FOODS[food], LEGS.get(legs), ABILITIES[ability],
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
DESTINATIONS = _words(_places["destinations"], "place", 0)
DESTINATIONS_AT = _words(_places["destinations"], "place", 1)  # the Chinese says "in" or "at" with it

COLOURS = _words(_qualities["colours"], "colour", 0)
COLOURS_ARE = _words(_qualities["colours"], "colour", 1)  # as a predicate
QUALITIES = _words(_qualities["thing_qualities"], "quality", 0)
QUALITIES_ARE = _words(_qualities["thing_qualities"], "quality", 1)
CHARACTERS = _words(_qualities["characters"], "character")
FEELINGS = {word: Word(word, zh, "feeling") for word, (zh, _) in _qualities["feelings"].items()}
SENTIMENTS = {word: sentiment for word, (_, sentiment) in _qualities["feelings"].items()}

DAYS = _words(_time["days"], "day")
SEASONS = tuple((Word(season, zh, "season"), Word(quality, quality_zh, "quality"))
                for season, (zh, quality, quality_zh) in _time["seasons"].items())
SEASON_NAMES = tuple(season for season, _ in SEASONS)
DIGITS = _words(_time["numbers"], "number", 0)
COUNTS = _words(_time["numbers"], "number", 1)
