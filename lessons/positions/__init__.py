"""The positions lesson: maths.py computes, steps.py, schemes.py and curves.py ask it, the others draw."""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

# Measured on the shipped models; tests/lessons/test_positions_claims.py holds each to their weights.
SENTENCE = "The dog bit the man."  # for MiniLM
ORDERED = "The coin is on the shelf."  # for Meadow-GPT: ends alike in either order
BREAKS = "The dogs near the tree"  # without positions Meadow-GPT expects the sentence to end
SHOWN = (1, 1)  # a head in which "tree" looks at "dogs", and without positions does not
ORDERS = ("swapped", "reversed", "shuffled")
TRAINED = 86  # rows of Meadow-GPT's table that training reached; the other 42 are as they began
