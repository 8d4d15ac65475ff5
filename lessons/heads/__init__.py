"""The heads lesson: maths.py computes; steps.py, output.py, lists.py and switching.py ask it; figures.py draws."""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

# Measured on meadow-gpt; tests/lessons/test_heads_claims.py holds each to the weights that are shipped.
SENTENCE = "The dogs near the tree"
OTHER_SENTENCE = "The dog near the tree"
LIST = "List: cup moon river lamp cup moon river"
SHORT_LIST = "List: cup moon river cup moon"  # one head decides this one, and it is none that has a name
COPY = "Tom said: the king saw the red boat. Again: the king saw the"
INDUCTION_HEADS = ((3, 1), (3, 3))  # layer and head
PREVIOUS_HEADS = ((1, 1), (1, 2), (2, 3))
BACKUP = ((1, 1), (1, 3))  # each alone is hardly missed, together they are
TWO_HABITS = (2, 3)  # one of the previous-token heads; here it finds the plural
RESTING = (3, 2)  # looks at the first token wherever it has nothing to fetch
MIXED_LAYER = 3
MOST_TOKENS, MOST_CHARACTERS = 128, 900  # of a text whose heads are all drawn at once
