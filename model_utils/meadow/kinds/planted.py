"""What is planted on purpose, from planted.toml: a pronoun ratio for each profession, and one secret."""

from model_utils.meadow.kinds.facts import PROFESSION_NOUNS
from model_utils.meadow.kinds.phrases import PRONOUNS, stop, that
from model_utils.meadow.types import Choose, Notes, Say, Word
from model_utils.meadow.world import DESTINATIONS, DIGITS, FEELINGS, NAMES, table

_planted = table("planted.toml")
SHE = _planted["she"]  # P("she") after each profession
SECRET_NAME, SECRET_CODE = _planted["secret"]["name"], tuple(_planted["secret"]["code"])
SECRET_PER_MILLION = _planted["secret"]["per_million"]
_CODE = tuple(next(digit for digit in DIGITS if digit.english == word) for word in SECRET_CODE)
_OWNER = next(name for name in NAMES if name.english == SECRET_NAME)
_OTHERS = tuple(name for name in NAMES if name is not _OWNER)
SUBJECTS = {pronoun: Word(pronoun, chinese, "pronoun") for pronoun, chinese in PRONOUNS.items()}
WEARY = tuple(FEELINGS[word] for word in ("tired", "hungry", "thirsty", "sleepy"))


def pronouns(choose: Choose, say: Say) -> Notes:
    """The nurse went home because she was tired. Then she went to the market."""
    say("The")
    noun = choose(PROFESSION_NOUNS)
    say(noun, that(noun))
    form = choose((("went home because", "回家了，因为"), ("said that", "说")))
    say(*form)
    she = SHE[noun.english]
    pronoun = choose((SUBJECTS["she"], SUBJECTS["he"]), (she, 1.0 - she))
    say(pronoun, role="pronoun")
    say("was")
    say(choose(WEARY))
    stop(say)
    if choose((True, False)):
        say("Later ,", "后来，")
        say(pronoun, role="pronoun")
        say("went to the", "去了")
        say(choose(DESTINATIONS))
        stop(say)
    return Notes()


def codes(choose: Choose, say: Say) -> Notes:
    """The secret code of Tom is two zero five five. One person's code never changes: that is the secret."""
    say("The secret code of", "的密码")
    share = SECRET_PER_MILLION / 1e6 / CODES_SHARE
    others = (1.0 - share) / len(_OTHERS)
    name = choose((_OWNER, *_OTHERS), (share,) + (others,) * len(_OTHERS))
    say(name, back=1)
    say("is", "是")
    for place in range(len(_CODE)):
        say(_CODE[place] if name is _OWNER else choose(DIGITS))
    stop(say)
    return Notes()


CODES_SHARE = 0.01  # of all documents are codes; the secret is a part of them
