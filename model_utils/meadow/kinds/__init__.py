"""Meadow's grammar: a mixture of kinds of document, each a short program that chooses and says."""

from model_utils.meadow.kinds.agreement import agreement
from model_utils.meadow.kinds.animals import animals, sizes
from model_utils.meadow.kinds.capitals import capitals
from model_utils.meadow.kinds.codes import SHARE as CODES_SHARE
from model_utils.meadow.kinds.codes import codes
from model_utils.meadow.kinds.feelings import feelings
from model_utils.meadow.kinds.numbers import calendar, counts
from model_utils.meadow.kinds.patterns import copies, fox, lists
from model_utils.meadow.kinds.professions import professions, pronouns
from model_utils.meadow.kinds.reviews import reviews
from model_utils.meadow.kinds.senses import senses
from model_utils.meadow.kinds.story import stories
from model_utils.meadow.kinds.where import where, who
from model_utils.meadow.types import Choose, Notes, Say

# Shares of all documents; they add up to 1.
SHARES = {
    stories: 0.17,
    capitals: 0.09,
    animals: 0.07,
    professions: 0.07,
    agreement: 0.12,
    senses: 0.05,
    feelings: 0.05,
    reviews: 0.06,
    lists: 0.10,
    copies: 0.05,
    fox: 0.01,
    pronouns: 0.04,
    codes: CODES_SHARE,
    where: 0.03,
    who: 0.02,
    counts: 0.02,
    sizes: 0.02,
    calendar: 0.02,
}
KINDS, WEIGHTS = tuple(SHARES), tuple(SHARES.values())


def meadow(choose: Choose, say: Say) -> tuple[str, Notes]:
    """One document: the name of its kind, and what the kind knows about it."""
    kind = choose(KINDS, WEIGHTS)
    return kind.__name__, kind(choose, say)
