"""What people do, and where; and the pronoun that follows a profession, in a planted ratio."""

from model_utils.meadow.kinds.phrases import PRONOUN_WORDS, PRONOUNS, article, article_of, maybe, stop, that
from model_utils.meadow.planted import SHE
from model_utils.meadow.types import Choose, Notes, Say
from model_utils.meadow.world import DESTINATIONS, FEELINGS, NAMES, PROFESSIONS, Profession

NOUNS = tuple(profession.one for profession in PROFESSIONS)
BY_NOUN = {profession.one: profession for profession in PROFESSIONS}
WEARY = tuple(FEELINGS[word] for word in ("tired", "hungry", "thirsty", "sleepy"))


def professions(choose: Choose, say: Say) -> Notes:
    """A nurse works in a hospital. / Tom is a nurse. He helps patients."""
    if maybe(choose, 0.3):
        noun = choose(article(choose, say, NOUNS, capital=True))
        say(noun, role="agent")
        choose((_works, _makes))(say, BY_NOUN[noun])
        return Notes()
    hero = choose(NAMES)
    he = hero.pronoun
    say(hero)
    say("is", "是")
    noun = choose(article(choose, say, NOUNS, "一"))
    say(noun, noun.measure + noun.chinese)
    stop(say)
    say(he.capitalize(), PRONOUNS[he], role="agent")
    first = choose((_works, _makes))
    first(say, BY_NOUN[noun])
    if maybe(choose, 0.7):
        say(he.capitalize(), PRONOUNS[he], role="agent")
        (_makes if first is _works else _works)(say, BY_NOUN[noun])
    return Notes()


def _works(say: Say, profession: Profession) -> None:
    say("works", "工作", role="verb")
    say("in", "在", back=1)
    say(article_of(profession.workplace))
    say(profession.workplace, back=1, role="location")
    stop(say)


def _makes(say: Say, profession: Profession) -> None:
    say(profession.verb, role="verb")
    say(profession.product, role="theme")
    stop(say)


def pronouns(choose: Choose, say: Say) -> Notes:
    """The nurse went home because she was tired. Later, she went to the market."""
    say("The")
    noun = choose(NOUNS)
    say(noun, that(noun))
    say(*choose((("went home because", "回家了，因为"), ("said that", "说"))))
    she = SHE[noun.english]
    pronoun = choose((PRONOUN_WORDS["she"], PRONOUN_WORDS["he"]), (she, 1.0 - she))
    say(pronoun, role="pronoun")
    say("was")
    say(choose(WEARY))
    stop(say)
    if choose((True, False)):
        say("Later ,", "后来，")
        say(pronoun, role="agent")
        say("went to the", "去了")
        say(choose(DESTINATIONS), role="location")
        stop(say)
    return Notes()
