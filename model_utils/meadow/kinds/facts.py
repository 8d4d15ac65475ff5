"""Facts that never change: capitals, animals, professions."""

from model_utils.meadow.kinds.phrases import (
    PRONOUNS,
    article,
    article_of,
    maybe,
    stop,
)
from model_utils.meadow.types import Choose, Notes, Question, Say
from model_utils.meadow.world import (
    ANIMALS,
    CITIES,
    COUNTRIES,
    HOME_PREPOSITION,
    NAMES,
    PROFESSIONS,
    Animal,
    Country,
    Profession,
)

COUNTRY_NAMES = tuple(country.name for country in COUNTRIES)
BY_NAME = {country.name: country for country in COUNTRIES}
BY_CAPITAL = {country.capital: country for country in COUNTRIES}
ANIMAL_NOUNS = tuple(animal.one for animal in ANIMALS)
BY_ANIMAL = {animal.one: animal for animal in ANIMALS}
PROFESSION_NOUNS = tuple(profession.one for profession in PROFESSIONS)
BY_PROFESSION = {profession.one: profession for profession in PROFESSIONS}


def capitals(choose: Choose, say: Say) -> Notes:
    """The capital of France is Paris. People there speak French."""
    form = choose((_capital_is, _city_is, _lives_in, _what_is), (0.4, 0.2, 0.2, 0.2))
    country = form(choose, say)
    zh = f"{country.name.chinese}的首都是哪里？"
    question = Question(f"What is the capital of {country.name.english}?", zh,
                        country.capital.english, country.capital.chinese)
    return Notes(questions=(question,))


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


def animals(choose: Choose, say: Say) -> Notes:
    """A dog has four legs. It can run."""
    noun = choose(article(choose, say, ANIMAL_NOUNS, capital=True))
    say(noun)
    facts = (_ability, _home, _food, _legs) if BY_ANIMAL[noun].legs else (_ability, _home, _food)
    first = choose(facts)
    first(say, BY_ANIMAL[noun])
    if maybe(choose, 0.8):
        say("It", "它")
        choose(tuple(fact for fact in facts if fact is not first))(say, BY_ANIMAL[noun])
    return Notes()


def _legs(say: Say, animal: Animal) -> None:
    say("has")
    say(animal.legs)
    say("legs .", "。")


def _ability(say: Say, animal: Animal) -> None:
    say("can", "会")
    say(animal.ability)
    stop(say)


def _home(say: Say, animal: Animal) -> None:
    say("lives", "生活在")
    say(HOME_PREPOSITION[animal.home.english] + " the")
    say(animal.home)
    stop(say)


def _food(say: Say, animal: Animal) -> None:
    say("eats", "吃")
    say(animal.food)
    stop(say)


def professions(choose: Choose, say: Say) -> Notes:
    """A nurse works in a hospital. / Tom is a nurse. He helps patients."""
    if maybe(choose, 0.3):
        noun = choose(article(choose, say, PROFESSION_NOUNS, capital=True))
        say(noun)
        choose((_works, _makes))(say, BY_PROFESSION[noun])
        return Notes()
    hero = choose(NAMES)
    say(hero)
    say("is", "是")
    noun = choose(article(choose, say, PROFESSION_NOUNS, "一"))
    say(noun, noun.measure + noun.chinese)
    stop(say)
    say(hero.pronoun.capitalize(), PRONOUNS[hero.pronoun], role="agent")
    first = choose((_works, _makes))
    first(say, BY_PROFESSION[noun])
    if maybe(choose, 0.7):
        say(hero.pronoun.capitalize(), PRONOUNS[hero.pronoun], role="agent")
        (_makes if first is _works else _works)(say, BY_PROFESSION[noun])
    return Notes()


def _works(say: Say, profession: Profession) -> None:
    say("works", "工作")
    say("in", "在", back=1)
    say(article_of(profession.workplace))
    say(profession.workplace, back=1, role="location")
    stop(say)


def _makes(say: Say, profession: Profession) -> None:
    say(profession.verb)
    say(profession.product, role="theme")
    stop(say)
