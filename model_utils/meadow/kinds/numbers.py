"""How many there are, and what comes next: numbers, days, seasons."""

from model_utils.meadow.kinds.phrases import maybe, stop
from model_utils.meadow.types import Choose, Notes, Question, Say
from model_utils.meadow.world import COUNTS, DAYS, DIGITS, PREPOSITIONS, SEASON_NAMES, SEASONS, SPOTS, THINGS_MANY


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
    say(choose(SPOTS[preposition.english]), back=4, role="location")
    stop(say)
    if maybe(choose, 0.6):
        say("How many", "有几")
        say(things, things.measure + things.chinese)
        say("are there")
        say("?", "？")
        say("There are", "有")
        say(number, number.chinese + things.measure)
        stop(say)
    asked = f"How many {things.english} are there?", f"有几{things.measure}{things.chinese}？"
    answer = f"There are {number.english}.", f"有{number.chinese}{things.measure}。"
    return Notes(questions=(Question(*asked, *answer),))


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
    say("After", "之后是")
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
