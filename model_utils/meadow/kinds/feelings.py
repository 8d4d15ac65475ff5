"""Feelings and their causes."""

from dataclasses import dataclass

from model_utils.meadow.kinds.phrases import POSSESSIVES, PRONOUNS, maybe, stop
from model_utils.meadow.types import Choose, Notes, Noun, Question, Say, Word
from model_utils.meadow.world import FEELINGS, NAMES, SENTIMENTS, THINGS_ONE, table


@dataclass(frozen=True, slots=True)
class Event:
    english: str
    chinese: str
    own: bool  # it happens to a thing of one's own
    feelings: tuple[Word, ...]


EVENTS = tuple(
    Event(event["english"], event["chinese"], event.get("own", False),
          tuple(FEELINGS[feeling] for feeling in event["feelings"]))
    for event in table("world/events.toml")["event"]
)
CAUSED = tuple(feeling for feeling in FEELINGS.values() if any(feeling in event.feelings for event in EVENTS))
CAUSES = {feeling: tuple(event for event in EVENTS if feeling in event.feelings) for feeling in CAUSED}


def feelings(choose: Choose, say: Say) -> Notes:
    """Tom lost his key. He was sad. / Tom was sad because he lost his key."""
    hero = choose(NAMES)
    say(hero, role="experiencer")
    feeling, event, thing = choose((_event_first, _feeling_first))(choose, say, hero)
    stop(say)
    if maybe(choose, 0.25):
        say("Why was", "为什么")
        say(hero, back=1)
        say(feeling, _so(feeling))
        say("?", "？")
        say("Because", "因为")
        say(hero.pronoun, PRONOUNS[hero.pronoun])
        _happens(say, event, hero)
        if thing:
            say(thing)
        stop(say)
    return Notes(SENTIMENTS[feeling.english], (_why(hero, feeling, event, thing),))


def _event_first(choose: Choose, say: Say, hero: Noun) -> tuple[Word, Event, Noun | None]:
    event = choose(EVENTS)
    thing = _happens_to(choose, say, event, hero)
    stop(say)
    say(hero.pronoun.capitalize(), PRONOUNS[hero.pronoun], role="experiencer")
    say("was")
    feeling = choose(event.feelings)
    say(feeling)
    return feeling, event, thing


def _feeling_first(choose: Choose, say: Say, hero: Noun) -> tuple[Word, Event, Noun | None]:
    say("was")
    feeling = choose(CAUSED)
    say(feeling)
    say("because", "，因为")
    say(hero.pronoun, PRONOUNS[hero.pronoun])
    event = choose(CAUSES[feeling])
    return feeling, event, _happens_to(choose, say, event, hero)


def _happens_to(choose: Choose, say: Say, event: Event, hero: Noun) -> Noun | None:
    """Say the event; the thing it happens to, if it does."""
    _happens(say, event, hero)
    if not event.own:
        return None
    thing = choose(THINGS_ONE)
    say(thing, role="theme")
    return thing


def _happens(say: Say, event: Event, hero: Noun) -> None:
    say(event.english, event.chinese, role="verb")
    if event.own:
        say(POSSESSIVES[hero.pronoun], "自己的")


def _so(feeling: Word) -> str:
    """How a question puts it: 很难过 becomes 这么难过."""
    return "这么" + feeling.chinese.removeprefix("很")


def _why(hero: Noun, feeling: Word, event: Event, thing: Noun | None) -> Question:
    his, his_zh = (f" {POSSESSIVES[hero.pronoun]} {thing.english}", "自己的" + thing.chinese) if thing else ("", "")
    return Question(
        f"Why was {hero.english} {feeling.english}?", f"{hero.chinese}为什么{_so(feeling)}？",
        f"Because {hero.pronoun} {event.english}{his}.", f"因为{PRONOUNS[hero.pronoun]}{event.chinese}{his_zh}。",
    )
