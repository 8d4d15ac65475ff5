"""What may happen in a story: a thing is found and given away, or lost and found again."""

from model_utils.meadow.kinds.phrases import (
    POSSESSIVES,
    PRONOUNS,
    a_coloured_noun,
    by_article,
    maybe,
    stop,
    that,
    without,
)
from model_utils.meadow.kinds.story_ending import Told
from model_utils.meadow.kinds.where import Place, place
from model_utils.meadow.types import Choose, Noun, Say, Word
from model_utils.meadow.world import DESTINATIONS, FEELINGS, NAMES, THINGS_ONE

GLAD = tuple(FEELINGS[word] for word in ("happy", "excited", "proud"))
UPSET = tuple(FEELINGS[word] for word in ("sad", "worried", "angry"))


def found(choose: Choose, say: Say, hero: Noun) -> Told:
    """The hero finds a thing and gives it to a friend, who puts it somewhere, keeps it or loses it."""
    thing = _finds(choose, say, hero)
    if maybe(choose, 0.4):
        say(hero.pronoun.capitalize(), PRONOUNS[hero.pronoun], role="experiencer")
        _feels(choose, say, GLAD)
    friend = _gives(choose, say, hero, thing)
    ending = choose(("put", "kept", "lost"), (0.5, 0.3, 0.2))
    where = None
    if ending == "put":
        where = _puts(choose, say, friend, thing)
    elif ending == "lost":
        _loses(say, friend, thing)
    say("They were", "她们" if hero.pronoun == friend.pronoun == "she" else "他们")
    say(FEELINGS["sad" if ending == "lost" else "happy"])
    stop(say)
    return Told(hero, friend, thing, False, ending == "lost", where)


def lost(choose: Choose, say: Say, hero: Noun) -> Told:
    """The hero loses a thing; a friend finds it somewhere and gives it back."""
    say("One day ,", "有一天，")
    say(hero, role="agent")
    say("lost", "弄丢了", role="verb")
    say("a", "一")
    thing = choose(by_article(THINGS_ONE)[0])
    say(thing, thing.measure + thing.chinese, role="theme")
    stop(say)
    if maybe(choose, 0.5):
        say(hero.pronoun.capitalize(), PRONOUNS[hero.pronoun], role="experiencer")
        _feels(choose, say, UPSET)
    friend = choose(without(NAMES, hero))
    where = _finds_again(choose, say, friend, thing)
    say("Then", "后来")
    say(friend, role="agent")
    say("gave", "还给了", role="verb")
    say("it", "把它", back=1, role="theme")
    say("to")
    say(hero, role="recipient")
    stop(say)
    say(hero, role="experiencer")
    _feels(choose, say, GLAD)
    return Told(hero, friend, thing, True, False, where)


def _finds(choose: Choose, say: Say, hero: Noun) -> Noun:
    say("One day ,", "有一天，")
    say(hero, role="agent")
    say("went to the", "去了")
    say(choose(DESTINATIONS), role="location")
    if maybe(choose, 0.5):
        say("and", "，")
    else:
        stop(say)
        say("There ,", "在那里，")
        say(hero.pronoun, PRONOUNS[hero.pronoun], role="agent")
    say("found", "发现了", role="verb")
    _, thing = a_coloured_noun(choose, say, THINGS_ONE, role="theme")
    stop(say)
    return thing


def _feels(choose: Choose, say: Say, feelings: tuple[Word, ...]) -> None:
    say("was")
    say(choose(feelings), role="feeling")
    stop(say)


def _gives(choose: Choose, say: Say, giver: Noun, thing: Noun) -> Noun:
    """Then she gave the ball to her friend Ben. / Then she gave Ben the ball."""
    say("Then", "后来")
    say(giver.pronoun, PRONOUNS[giver.pronoun], role="agent")
    say("gave", "给了", role="verb")
    if maybe(choose, 0.6):
        say("the", "把", back=1)
        say(thing, back=1, role="theme")
        say("to")
        say(POSSESSIVES[giver.pronoun], PRONOUNS[giver.pronoun] + "的")
        say("friend", "朋友")
        friend = choose(without(NAMES, giver))
        say(friend, role="recipient")
    else:
        friend = choose(without(NAMES, giver))
        say(friend, role="recipient")
        say("the", "把", back=2)
        say(thing, back=2, role="theme")
    stop(say)
    return friend


def _puts(choose: Choose, say: Say, person: Noun, thing: Noun) -> Place:
    say(person, role="agent")
    say("put", "放在了", role="verb")
    say("the", "把", back=1)
    say(thing, back=1, role="theme")
    where = place(choose, say)
    stop(say)
    return where


def _loses(say: Say, person: Noun, thing: Noun) -> None:
    say("But", "可是")
    say(person, role="agent")
    say("lost", "弄丢了", role="verb")
    say("the", "把", back=1)
    say(thing, back=1, role="theme")
    stop(say)


def _finds_again(choose: Choose, say: Say, friend: Noun, thing: Noun) -> Place:
    """Ben found the ball under the bed; in Chinese the place comes before the verb: 在床下面找到了那个球."""
    say(friend, role="agent")
    say("found", "找到了", role="verb")
    say("the")
    say(thing, that(thing), role="theme")
    say("", "在", back=2)
    where = place(choose, say, back=2)
    stop(say)
    return where
