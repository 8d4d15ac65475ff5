"""Where things are, who has them, how many there are; which animal is bigger; what comes next."""

from model_utils.meadow.kinds.facts import ANIMAL_NOUNS, BY_ANIMAL
from model_utils.meadow.kinds.phrases import article, article_of, maybe, stop, without
from model_utils.meadow.types import Choose, Notes, Noun, Question, Say, Word
from model_utils.meadow.world import COUNTS, DAYS, DIGITS, NAMES, SEASON_NAMES, SEASONS, SPOTS, THINGS_MANY, THINGS_ONE

PREPOSITIONS = tuple(Word(english, chinese, "preposition") for english, chinese in (
    ("in", "里"), ("on", "上"), ("under", "下面"), ("behind", "后面")))
Place = tuple[Word, Word]


def place(choose: Choose, say: Say) -> Place:
    """On the table, 桌子上: a preposition and a spot that suits it."""
    preposition = choose(PREPOSITIONS)
    say(preposition)
    say("the")
    spot = choose(SPOTS[preposition.english])
    say(spot, back=1)
    return preposition, spot


def say_place(say: Say, known: Place) -> None:
    """The same place once more."""
    say(known[0])
    say("the")
    say(known[1], back=1)


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
    say_place(say, places[asked])
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
        say("has the", "有")
        thing = choose(without(THINGS_ONE, *owners))
        say(thing, "一" + thing.measure + thing.chinese, role="theme")
        owners[thing] = owner
        stop(say)
    say("Who", "谁")
    say("has the", "有")
    asked = choose(tuple(owners))
    say(asked)
    say("?", "？")
    say(owners[asked])
    say("has the", "有")
    say(asked)
    stop(say)
    return Notes(questions=tuple(
        Question(f"Who has the {thing.english}?", f"谁有{thing.chinese}？", owner.english, owner.chinese)
        for thing, owner in owners.items()))


def counts(choose: Choose, say: Say) -> Notes:
    """There are three cups on the table. How many cups are there? There are three."""
    say("There are", "有")
    number = choose(COUNTS[2:])
    say(number)
    things = choose(THINGS_MANY)
    say(things, things.measure + things.chinese)
    preposition = choose(PREPOSITIONS)
    say(preposition, back=3)
    say("the")
    say(choose(SPOTS[preposition.english]), back=4)
    stop(say)
    if maybe(choose, 0.6):
        say("How many", "有几")
        say(things, things.measure + things.chinese)
        say("are there ?", "？")
        say("There are", "有")
        say(number, number.chinese + things.measure)
        stop(say)
    question = Question(f"How many {things.english} are there?", f"有几{things.measure}{things.chinese}？",
                        f"There are {number.english}.", f"有{number.chinese}{things.measure}。")
    return Notes(questions=(question,))


def sizes(choose: Choose, say: Say) -> Notes:
    """An elephant is bigger than a mouse. A mouse is smaller than an elephant."""
    first = choose(article(choose, say, ANIMAL_NOUNS, capital=True))
    size = BY_ANIMAL[first].size
    smaller = tuple(noun for noun in ANIMAL_NOUNS if BY_ANIMAL[noun].size < size)
    bigger = tuple(noun for noun in ANIMAL_NOUNS if BY_ANIMAL[noun].size > size)
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


def calendar(choose: Choose, say: Say) -> Notes:
    """Today is Monday. Tomorrow is Tuesday. / After three comes four. / In summer it is hot."""
    choose((_tomorrow, _after, _season))(choose, say)
    return Notes()


def _tomorrow(choose: Choose, say: Say) -> None:
    say("Today is", "今天是")
    today = choose(DAYS)
    say(today)
    stop(say)
    say("Tomorrow is", "明天是")
    say(DAYS[(DAYS.index(today) + 1) % len(DAYS)])
    stop(say)


def _after(choose: Choose, say: Say) -> None:
    say("After", "后面是")
    row = choose((DAYS, DIGITS, SEASON_NAMES), (0.4, 0.2, 0.4))
    first = choose(DIGITS[:-1] if row is DIGITS else row)
    say(first, back=1)
    say("comes")
    say(row[(row.index(first) + 1) % len(row)])
    stop(say)


def _season(choose: Choose, say: Say) -> None:
    say("In")
    season = choose(SEASON_NAMES)
    say(season)
    say("it is")
    say(dict(SEASONS)[season])
    stop(say)
