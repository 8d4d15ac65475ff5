"""Facts of geography: every country has one capital, and most a language."""

from model_utils.meadow.kinds.phrases import PRONOUNS, maybe, stop
from model_utils.meadow.types import Choose, Notes, Question, Say
from model_utils.meadow.world import CITIES, COUNTRIES, NAMES, Country

COUNTRY_NAMES = tuple(country.name for country in COUNTRIES)
BY_NAME = {country.name: country for country in COUNTRIES}
BY_CAPITAL = {country.capital: country for country in COUNTRIES}


def capitals(choose: Choose, say: Say) -> Notes:
    """The capital of France is Paris. People there speak French."""
    form = choose((_capital_is, _city_is, _lives_in, _what_is), (0.4, 0.2, 0.2, 0.2))
    country = form(choose, say)
    asked = f"What is the capital of {country.name.english}?", f"{country.name.chinese}的首都是哪里？"
    return Notes(questions=(Question(*asked, country.capital.english, country.capital.chinese),))


def _capital_is(choose: Choose, say: Say) -> Country:
    say("The capital of", "的首都")
    country = BY_NAME[choose(COUNTRY_NAMES)]
    say(country.name, back=1)
    say("is", "是")
    say(country.capital)
    stop(say)
    if country.language and maybe(choose, 0.7):
        say("People there", "那里的人")
        say("speak", "说")
        say(country.language)
        stop(say)
    return country


def _city_is(choose: Choose, say: Say) -> Country:
    country = BY_CAPITAL[choose(CITIES)]
    say(country.capital)
    say("is", "是")
    say("the capital of", "的首都")
    say(country.name, back=1)
    stop(say)
    return country


def _lives_in(choose: Choose, say: Say) -> Country:
    hero = choose(NAMES)
    say(hero, role="agent")
    say("lives in", "住在")
    country = BY_CAPITAL[choose(CITIES)]
    say(country.capital, role="location")
    say(", the capital of", "的首都", back=1)
    say(country.name, back=2)
    stop(say)
    if country.language and maybe(choose, 0.7):
        say(hero.pronoun.capitalize(), PRONOUNS[hero.pronoun], role="agent")
        say("speaks", "说")
        say(country.language, role="theme")
        stop(say)
    return country


def _what_is(choose: Choose, say: Say) -> Country:
    say("What is", "是哪里")
    say("the capital of", "的首都", back=1)
    country = BY_NAME[choose(COUNTRY_NAMES)]
    say(country.name, back=2)
    say("?", "？")
    say(country.capital)
    stop(say)
    return country
