"""Stories: a named hero finds or loses a thing; it is given away and put somewhere, and we know who did what."""

from model_utils.meadow.kinds.phrases import (
    NAMES_BY_PRONOUN,
    POSSESSIVES,
    PRONOUNS,
    a_coloured_noun,
    article_of,
    maybe,
    stop,
    without,
)
from model_utils.meadow.kinds.story_ending import Told, asked, say_all, summary_of, written
from model_utils.meadow.kinds.where import Place, place
from model_utils.meadow.types import Choose, Notes, Noun, Question, Say, Word
from model_utils.meadow.world import (
    ANIMALS,
    CHARACTERS,
    CITIES,
    DESTINATIONS,
    FEELINGS,
    FOLK,
    NAMES,
    THINGS_ONE,
)

HEROES = tuple(one for one, _ in FOLK if one.pronoun)
PETS = tuple(animal.one for animal in ANIMALS if animal.home.english in ("house", "farm"))
GLAD = tuple(FEELINGS[word] for word in ("happy", "excited", "proud"))
UPSET = tuple(FEELINGS[word] for word in ("sad", "worried", "angry"))


def stories(choose: Choose, say: Say) -> Notes:
    """Once upon a time, there was a brave girl named Mia. One day, Mia found a red ball ..."""
    hero = _opening(choose, say)
    told = choose((_found, _lost), (0.7, 0.3))(choose, say, hero)
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
    say("Once upon a time ,", "从前，")
    say("there was a", "有一个")
    if maybe(choose, 0.7):
        say(choose(CHARACTERS))
    folk = choose(HEROES)
    say(folk)
    say("named", "，名叫")
    hero = choose(NAMES_BY_PRONOUN[folk.pronoun])
    say(hero)
    stop(say)
    if maybe(choose, 0.4):
        _pronoun(say, hero, capital=True)
        if maybe(choose, 0.5):
            say("lived in", "住在")
            say(choose(CITIES), role="location")
        else:
            say("had", "养了")
            a_coloured_noun(choose, say, PETS)
        stop(say)
    return hero


def _pronoun(say: Say, person: Noun, capital: bool = False) -> None:
    say(person.pronoun.capitalize() if capital else person.pronoun, PRONOUNS[person.pronoun], role="agent")


def _found(choose: Choose, say: Say, hero: Noun) -> Told:
    """The hero finds a thing and gives it to a friend, who puts it somewhere, keeps it or loses it."""
    say("One day ,", "有一天，")
    say(hero, role="agent")
    say("went to the", "去了")
    say(choose(DESTINATIONS), role="location")
    if maybe(choose, 0.5):
        say("and", "，")
    else:
        stop(say)
        say("There ,", "在那里，")
        _pronoun(say, hero)
    say("found", "发现了", role="verb")
    _, thing = a_coloured_noun(choose, say, THINGS_ONE, role="theme")
    stop(say)
    if maybe(choose, 0.4):
        _feels(choose, say, hero, GLAD)
    friend = _gives(choose, say, hero, thing)
    ending = choose(("put", "kept", "lost"), (0.5, 0.3, 0.2))
    where = _puts(choose, say, friend, thing) if ending == "put" else None
    if ending == "lost":
        say("But", "可是")
        say(friend, role="agent")
        say("lost the", "弄丢了", role="verb")
        say(thing, role="theme")
        stop(say)
    they = "她们" if hero.pronoun == friend.pronoun == "she" else "他们"
    say("They were", they)
    say(FEELINGS["sad" if ending == "lost" else "happy"])
    stop(say)
    return Told(hero, friend, thing, False, ending == "lost", where)


def _feels(choose: Choose, say: Say, person: Noun, feelings: tuple[Word, ...]) -> None:
    _pronoun(say, person, capital=True)
    say("was")
    say(choose(feelings), role="feeling")
    stop(say)


def _gives(choose: Choose, say: Say, giver: Noun, thing: Noun) -> Noun:
    """Then she gave the ball to her friend Ben. / Then she gave Ben the ball."""
    say("Then", "后来")
    _pronoun(say, giver)
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


def _lost(choose: Choose, say: Say, hero: Noun) -> Told:
    """The hero loses a thing; a friend finds it somewhere and gives it back."""
    say("One day ,", "有一天，")
    say(hero, role="agent")
    say("lost", "弄丢了", role="verb")
    say("a", "一")
    thing = choose(tuple(thing for thing in THINGS_ONE if article_of(thing) == "a"))
    say(thing, thing.measure + thing.chinese, role="theme")
    stop(say)
    if maybe(choose, 0.5):
        _feels(choose, say, hero, UPSET)
    friend = choose(without(NAMES, hero))
    say(friend, role="agent")
    say("found the", "找到了", role="verb")
    say(thing, role="theme")
    preposition_place = _found_at(choose, say)
    stop(say)
    say("Then", "后来")
    say(friend, role="agent")
    say("gave", "给了", role="verb")
    say("it", "把它", back=1, role="theme")
    say("to")
    say(hero, role="recipient")
    stop(say)
    say(hero, role="experiencer")
    say("was")
    say(choose(GLAD))
    stop(say)
    return Told(hero, friend, thing, True, False, preposition_place)


def _found_at(choose: Choose, say: Say) -> Place:
    """Under the bed; in Chinese the place comes before the verb: 在床下面找到了球."""
    say("", "在", back=2)
    return place(choose, lambda *piece, back=0: say(*piece, back=back + 2))
