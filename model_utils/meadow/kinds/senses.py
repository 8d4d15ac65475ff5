"""One word, two senses: a bank of money or of a river, told apart by the words around it."""

from model_utils.meadow.kinds.phrases import stop
from model_utils.meadow.types import Choose, Notes, Say, Word
from model_utils.meadow.world import NAMES, table

SENSES = tuple(
    (tuple(map(tuple, sense["before"])), Word(sense["word"], sense["chinese"], "noun", sense["sense"]),
     tuple(map(tuple, sense["after"])))
    for sense in table("world/senses.toml")["sense"]
)


def senses(choose: Choose, say: Say) -> Notes:
    """Tom went to the bank to save money. / Tom sat on the bank and caught a fish."""
    say(choose(NAMES), role="agent")
    before, word, after = choose(SENSES)
    say(*choose(before))
    say(word)
    say(*choose(after))
    stop(say)
    return Notes()
