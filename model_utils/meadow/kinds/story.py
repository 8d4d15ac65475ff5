"""Stories: a named hero finds or loses a thing; it changes hands, and we know who did what."""

from model_utils.meadow.kinds.phrases import (
    NAMES_BY_PRONOUN,
    PRONOUNS,
    a_coloured_noun,
    maybe,
    stop,
)
from model_utils.meadow.kinds.story_ending import asked, say_all, summary_of, written
from model_utils.meadow.kinds.story_plots import found, lost
from model_utils.meadow.types import Choose, Notes, Noun, Question, Say
from model_utils.meadow.world import ANIMALS, CHARACTERS, CITIES, FOLK

HEROES = tuple(one for one, _ in FOLK if one.pronoun)
PETS = tuple(animal.one for animal in ANIMALS if animal.home.english in ("house", "farm"))


def stories(choose: Choose, say: Say) -> Notes:
    """Once upon a time, there was a brave girl named Mia. One day, Mia found a red ball ..."""
    hero = _opening(choose, say)
    told = choose((found, lost), (0.7, 0.3))(choose, say, hero)
    known = asked(told)
    if maybe(choose, 0.4):
        question, answer = choose(known)
        say_all(say, question)
        say_all(say, answer)
    summary = summary_of(told)
    if maybe(choose, 0.4):
        say("Summary :", "总结：")
        say_all(say, summary)
    questions = tuple(Question(*written(question), *written(answer)) for question, answer in known)
    return Notes("negative" if told.lost_last else "positive", questions, *written(summary))


def _opening(choose: Choose, say: Say) -> Noun:
    """Who the hero is; sometimes where they lived, or what animal they had."""
    say("Once upon a time ,", "从前，")
    say("there was a", "有一")
    described = maybe(choose, 0.7)
    if described:
        say(choose(CHARACTERS))
    folk = choose(HEROES)
    say("", folk.measure, back=int(described))
    say(folk)
    say("named", "，名叫")
    hero = choose(NAMES_BY_PRONOUN[folk.pronoun])
    say(hero)
    stop(say)
    if maybe(choose, 0.4):
        say(hero.pronoun.capitalize(), PRONOUNS[hero.pronoun], role="agent")
        if maybe(choose, 0.5):
            say("lived in", "住在", role="verb")
            say(choose(CITIES), role="location")
        else:
            say("had", "养了", role="verb")
            a_coloured_noun(choose, say, PETS, role="theme")
        stop(say)
    return hero
