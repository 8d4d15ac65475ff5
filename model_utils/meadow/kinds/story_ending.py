"""What can be asked about a story, and its summary in one sentence."""

from dataclasses import dataclass

from model_utils.meadow.kinds.phrases import PRONOUNS, article_of, that
from model_utils.meadow.kinds.where import Place
from model_utils.meadow.text import detokenize
from model_utils.meadow.types import Noun, Say, Word

Line = tuple[tuple[Word | str, str | None, int], ...]  # pieces to say: (word, its Chinese or None for its own, back)
STOP: Line = ((".", "。", 0),)
ASK: Line = (("?", "？", 0),)


@dataclass(frozen=True, slots=True)
class Told:
    """What has happened in a story."""

    hero: Noun
    friend: Noun
    thing: Noun
    lost_first: bool  # the hero lost the thing and the friend found it; else the hero found it
    lost_last: bool  # the friend lost it in the end
    place: Place | None  # where it was put, or where it was found again


def say_all(say: Say, line: Line) -> None:
    for word, chinese, back in line:
        say(word, chinese, back)


def written(line: Line) -> tuple[str, str]:
    """A line as English and as Chinese."""
    chunks: list[str] = []
    spoken = [word if isinstance(word, str) else word.english for word, _, _ in line]
    for word, own, back in line:
        chunk = own if own is not None else word.chinese if isinstance(word, Word) else ""
        if chunk:
            chunks.insert(len(chunks) - back, chunk)
    return detokenize(filter(None, spoken)), "".join(chunks)


def asked(told: Told) -> tuple[tuple[Line, Line], ...]:
    """Every question that the story answers, with its answer."""
    finder = told.friend if told.lost_first else told.hero
    questions = [_who(finder, "found the", "找到了" if told.lost_first else "发现了", told.thing)]
    if told.lost_first or told.lost_last:
        questions.append(_who(told.hero if told.lost_first else told.friend, "lost the", "弄丢了", told.thing))
    if not told.lost_first:
        questions.append(_what(told.hero, told.thing))
    if told.place and not told.lost_first:
        questions.append(_where(told.thing, told.place))
    elif not told.lost_last:
        questions.append(_who_has(told.hero if told.lost_first else told.friend, told.thing))
    return tuple(questions)


def _who(person: Noun, verb: str, chinese: str, thing: Noun) -> tuple[Line, Line]:
    does: Line = ((verb, chinese, 0), (thing, that(thing), 0))
    return (("Who", "谁", 0), *does, *ASK), ((person, None, 0), *does, *STOP)


def _who_has(person: Noun, thing: Noun) -> tuple[Line, Line]:
    """In Chinese, the thing is with whom: 球在谁那里？"""
    has: Line = (("has the", "那里", 0), ("", "在", 2), (thing, None, 3))
    return (("Who", "谁", 0), *has, *ASK), ((person, None, 0), *has, *STOP)


def _what(hero: Noun, thing: Noun) -> tuple[Line, Line]:
    he, chinese = hero.pronoun.capitalize(), PRONOUNS[hero.pronoun]
    return ((("What did", "什么", 0), (hero, None, 1), ("find", "发现了", 1), *ASK),
            ((he, chinese, 0), ("found", "发现了", 0), *_a(thing), *STOP))


def _where(thing: Noun, place: Place) -> tuple[Line, Line]:
    preposition, spot = place
    return ((("Where is", "在哪里", 0), ("the", "", 0), (thing, None, 1), *ASK),
            (("It", "它", 0), ("is", "在", 0), (preposition, None, 0), ("the", "", 0), (spot, None, 1), *STOP))


def _a(thing: Noun) -> Line:
    return ((article_of(thing), "一", 0), (thing, thing.measure + thing.chinese, 0))


def summary_of(told: Told) -> Line:
    """The story in one sentence."""
    hero, friend, thing = told.hero, told.friend, told.thing
    if told.lost_first:
        return ((hero, None, 0), ("lost", "弄丢了", 0), *_a(thing), ("and", "，", 0), (friend, None, 0),
                ("found it", "找到了它", 0), *STOP)
    found = ((hero, None, 0), ("found", "发现了", 0), *_a(thing), ("and", "，", 0))
    if told.lost_last:
        return (*found, (friend, None, 0), ("lost it", "把它弄丢了", 0), *STOP)
    return (*found, ("gave", "给了", 0), ("it", "把它", 1), ("to", "", 0), (friend, None, 0), *STOP)
