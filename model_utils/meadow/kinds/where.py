"""Where things are, and who has them: questions whose answer must be looked up in what was said."""

from model_utils.meadow.kinds.phrases import maybe, stop, without
from model_utils.meadow.types import Choose, Notes, Noun, Question, Say, Word
from model_utils.meadow.world import NAMES, PREPOSITIONS, SPOTS, THINGS_ONE

Place = tuple[Word, Word]  # preposition, spot


def place(choose: Choose, say: Say, back: int = 0) -> Place:
    """On the table, 桌子上: a preposition and a spot that suits it."""
    preposition = choose(PREPOSITIONS)
    say(preposition, back=back)
    say("the")
    spot = choose(SPOTS[preposition.english])
    say(spot, back=back + 1, role="location")
    return preposition, spot


def where(choose: Choose, say: Say) -> Notes:
    """The cup is on the table. The key is in the box. Where is the key? It is in the box."""
    places: dict[Noun, Place] = {}
    while not places or (len(places) < 3 and maybe(choose, 0.5)):
        say("The")
        thing = choose(without(THINGS_ONE, *places))
        say(thing, role="theme")
        say("is", "在")
        places[thing] = place(choose, say)
        stop(say)
    say("Where is the", "在哪里")
    asked = choose(tuple(places))
    say(asked, back=1)
    say("?", "？")
    say("It", "它")
    say("is", "在")
    preposition, spot = places[asked]
    say(preposition)
    say("the")
    say(spot, back=1)
    stop(say)
    return Notes(questions=tuple(_where_is(thing, known) for thing, known in places.items()))


def _where_is(thing: Noun, known: Place) -> Question:
    preposition, spot = known
    return Question(f"Where is the {thing.english}?", f"{thing.chinese}在哪里？",
                    f"It is {preposition.english} the {spot.english}.", f"它在{spot.chinese}{preposition.chinese}。")


def who(choose: Choose, say: Say) -> Notes:
    """Tom has the cup. Mia has the key. Who has the key? Mia has the key."""
    owners: dict[Noun, Noun] = {}
    while len(owners) < 2 or (len(owners) < 3 and maybe(choose, 0.5)):
        owner = choose(without(NAMES, *owners.values()))
        say(owner, role="owner")
        _has(say)
        thing = choose(without(THINGS_ONE, *owners))
        say(thing, back=3, role="theme")
        owners[thing] = owner
        stop(say)
    say("Who", "谁")
    _has(say)
    asked = choose(tuple(owners))
    say(asked, back=3)
    say("?", "？")
    say(owners[asked])
    _has(say)
    say(asked, back=3)
    stop(say)
    return Notes(questions=tuple(
        Question(f"Who has the {thing.english}?", f"{thing.chinese}在谁那里？", owner.english, owner.chinese)
        for thing, owner in owners.items()
    ))


def _has(say: Say) -> None:
    """Somebody has the thing: in Chinese, 在 somebody 那里, before which the thing will stand."""
    say("has the", "那里")
    say("", "在", back=2)
