"""The attention lesson: maths.py computes, steps.py and tables.py ask it of a run, figures.py and formula.py draw."""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

# Measured on meadow-gpt; tests/lessons/test_attention_claims.py holds each to the weights that are shipped.
SENTENCE = "The dogs near the tree"
ONE_CHANGE = (SENTENCE, "The dog near the tree")
BREAKS = "Review: The book was dull. I hated it. Sentiment:"  # without the division its prediction turns round
NUMBER_HEADS = ((1, 1), (1, 3), (2, 1), (2, 3))  # layers and heads in which "tree" looks at "dogs"
SHOWN = NUMBER_HEADS[1]
UNDECIDED = (2, 0)  # a head whose rows share their weight out
