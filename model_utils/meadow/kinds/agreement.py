"""Agreement across a distractor: the verb follows its own noun, not the nearest one."""

from model_utils.meadow.kinds.phrases import PRONOUNS, a_coloured_noun, maybe, stop, that
from model_utils.meadow.types import Choose, Notes, Noun, Say, Word
from model_utils.meadow.world import (
    ANIMALS,
    COLOURS_ARE,
    FEELINGS,
    FOLK,
    LANDMARKS,
    PROFESSIONS,
    QUALITIES_ARE,
    SPOTS,
    THINGS,
    THINGS_ONE,
)

LIVING = tuple(noun for pair in (*((animal.one, animal.many) for animal in ANIMALS), *FOLK,
                                 *((work.one, work.many) for work in PROFESSIONS)) for noun in pair)
LYING = tuple(noun for pair in THINGS for noun in pair if pair[1].english)
STANDING = tuple(noun for pair in LANDMARKS for noun in pair)
DOING = tuple(Word(english, chinese, "doing") for english, chinese in (
    ("sleeping", "在睡觉"), ("running", "在跑"), ("waiting", "在等待"),
    ("eating", "在吃东西"), ("resting", "在休息"), ("playing", "在玩耍")))
STATES = (*FEELINGS.values(), *DOING)
LOOKS = (*QUALITIES_ARE, *COLOURS_ARE)
NEAR = tuple(Word(english, chinese, "preposition") for english, chinese in (("near", "旁边的"), ("behind", "后面的")))
LIES = tuple(Word(english, chinese, "preposition") for english, chinese in (
    ("in", "里的"), ("on", "上的"), ("under", "下面的"), ("behind", "后面的")))


def agreement(choose: Choose, say: Say) -> Notes:
    """The dogs near the tree are hungry. They are sleeping."""
    say("The")
    noun = choose((*LIVING, *LYING))
    say(noun, that(noun))
    if noun.category == "thing":
        preposition = choose(LIES)
        say(preposition, back=1)
        say("the")
        say(choose(SPOTS[preposition.english]), back=2)
        _is(choose, say, noun, LOOKS)
        return Notes()
    say(choose(NEAR), back=1)
    say("the")
    distractor = choose(STANDING)
    say(distractor, back=2)
    if maybe(choose, 0.2):
        say("have" if noun.plural else "has", "有")
        a_coloured_noun(choose, say, THINGS_ONE)
        stop(say)
    else:
        _is(choose, say, noun, STATES)
    pronoun, chinese = _pronoun(noun)
    if pronoun and maybe(choose, 0.3):
        say(pronoun, chinese)
        _is(choose, say, noun, STATES)
    return Notes()


def _is(choose: Choose, say: Say, noun: Noun, states: tuple[Word, ...]) -> None:
    """Is or are, in the present or the past, and how they are; Chinese marks the past by an adverb."""
    past = "以前" if noun.category == "thing" else "刚才"
    say(*choose(((("is", ""), ("was", past)), (("are", ""), ("were", past)))[noun.plural], (0.7, 0.3)))
    say(choose(states))
    stop(say)


def _pronoun(noun: Noun) -> tuple[str, str]:
    """What the next sentence calls them; nothing where a singular noun does not tell."""
    animal = noun.category == "animal"
    if noun.plural:
        return "They", "它们" if animal else "她们" if noun.pronoun == "she" else "他们"
    if animal:
        return "It", "它"
    return (noun.pronoun.capitalize(), PRONOUNS[noun.pronoun]) if noun.pronoun else ("", "")
