"""Facts about animals, and which is bigger."""

from model_utils.meadow.kinds.phrases import article, article_of, maybe, stop
from model_utils.meadow.types import Choose, Notes, Say
from model_utils.meadow.world import ANIMALS, HOME_AT, HOME_PREPOSITION, Animal

NOUNS = tuple(animal.one for animal in ANIMALS)
BY_NOUN = {animal.one: animal for animal in ANIMALS}


def animals(choose: Choose, say: Say) -> Notes:
    """A dog has four legs. It can run."""
    noun = choose(article(choose, say, NOUNS, capital=True))
    say(noun)
    animal = BY_NOUN[noun]
    facts = (_ability, _home, _food, _legs) if animal.legs else (_ability, _home, _food)
    first = choose(facts)
    first(say, animal)
    if maybe(choose, 0.8):
        say("It", "它")
        choose(tuple(fact for fact in facts if fact is not first))(say, animal)
    return Notes()


def _legs(say: Say, animal: Animal) -> None:
    say("has")
    say(animal.legs)
    say("legs")
    stop(say)


def _ability(say: Say, animal: Animal) -> None:
    say("can", "会")
    say(animal.ability)
    stop(say)


def _home(say: Say, animal: Animal) -> None:
    say("lives", "生活在")
    say(HOME_PREPOSITION[animal.home])
    say("the")
    say(animal.home, HOME_AT[animal.home], role="location")
    stop(say)


def _food(say: Say, animal: Animal) -> None:
    say("eats", "吃")
    say(animal.food, role="theme")
    stop(say)


def sizes(choose: Choose, say: Say) -> Notes:
    """An elephant is bigger than a mouse. A mouse is smaller than an elephant."""
    first = choose(article(choose, say, NOUNS, capital=True))
    size = BY_NOUN[first].size
    smaller = tuple(noun for noun in NOUNS if BY_NOUN[noun].size < size)
    bigger = tuple(noun for noun in NOUNS if BY_NOUN[noun].size > size)
    say(first)
    say("is")
    is_bigger = maybe(choose, 0.5) if smaller and bigger else bool(smaller)
    _than(say, is_bigger)
    second = choose(article(choose, say, smaller if is_bigger else bigger))
    say(second, back=1)
    stop(say)
    if maybe(choose, 0.5):
        say(article_of(second).capitalize())
        say(second)
        say("is")
        _than(say, not is_bigger)
        say(article_of(first))
        say(first, back=1)
        stop(say)
    return Notes()


def _than(say: Say, is_bigger: bool) -> None:
    say(*(("bigger", "大") if is_bigger else ("smaller", "小")))
    say("than", "比", back=1)
