"""Turns of phrase that several kinds share. Each says what it builds, choosing just before it says."""

from collections.abc import Sequence
from functools import lru_cache

from model_utils.meadow.types import Choose, Noun, Say, Word
from model_utils.meadow.world import COLOURS, NAMES

PRONOUNS = {"he": "他", "she": "她"}
PRONOUN_WORDS = {english: Word(english, chinese, "pronoun") for english, chinese in PRONOUNS.items()}
POSSESSIVES = {"he": "his", "she": "her"}
NAMES_BY_PRONOUN = {p: tuple(name for name in NAMES if name.pronoun == p) for p in PRONOUNS}


def maybe(choose: Choose, probability: float) -> bool:
    """True with this probability."""
    return choose((True, False), (probability, 1.0 - probability))


@lru_cache(maxsize=256)
def by_article(nouns: tuple[Word, ...]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The nouns that take "a", and those that take "an"."""
    return (tuple(noun for noun in nouns if noun.english[0] not in "aeiou"),
            tuple(noun for noun in nouns if noun.english[0] in "aeiou"))


def article(
    choose: Choose, say: Say, nouns: tuple[Word, ...], chinese: str = "", capital: bool = False
) -> tuple[Word, ...]:
    """Say "a" or "an", as often as the nouns ask for each; the nouns that may follow."""
    with_a, with_an = by_article(nouns)
    chosen = choose((with_a, with_an), (float(len(with_a)), float(len(with_an)))) if with_an else with_a
    text = "a" if chosen is with_a else "an"
    say(text.capitalize() if capital else text, chinese)
    return chosen


def article_of(noun: Word) -> str:
    """ "a" or "an" for a noun that is known already."""
    return "an" if noun.english[0] in "aeiou" else "a"


def a_noun(choose: Choose, say: Say, nouns: tuple[Noun, ...], role: str = "") -> Noun:
    """A noun with its indefinite article: a cup, 一个杯子."""
    noun = choose(article(choose, say, nouns, "一"))
    say(noun, noun.measure + noun.chinese, role=role)
    return noun


def a_coloured_noun(choose: Choose, say: Say, nouns: tuple[Noun, ...], role: str = "") -> tuple[Word, Noun]:
    """A noun with a colour: a red cup, 一个红色的杯子."""
    say("a", "一")
    colour = choose(COLOURS)
    say(colour)
    noun = choose(nouns)
    say("", noun.measure, back=1)
    say(noun, role=role)
    return colour, noun


def that(noun: Noun) -> str:
    """The Chinese of "the noun" when it points at something: 那只狗, 那些狗."""
    return "那" + ("些" if noun.plural else noun.measure) + noun.chinese


def without(options: Sequence[Word], *used: Word) -> Sequence[Word]:
    """The options that have not been used yet."""
    left = list(options)
    for word in used:
        left.remove(word)
    return left


def stop(say: Say) -> None:
    say(".", "。")
