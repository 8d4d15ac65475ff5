"""The decoding lesson: maths.py changes logits and chooses; strategies.py and trees.py run it; figures.py draws."""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

STRATEGIES = ("greedy", "sample", "temperature", "top_k", "top_p", "min_p", "penalty", "no_repeat", "beam")
SIX = ("greedy", "temperature", "top_k", "top_p", "min_p", "beam")
SEED = 2  # with this luck the drawn texts go on after their first sentence
HEATS = ("0", "0.3", "0.7", "1", "1.5", "3")
FIVE_STEPS = 8

# Measured on the shipped models; tests/lessons/test_decoding_claims.py holds each to the weights.
SENTENCE = "The dogs near the tree are"
UNEVEN = "The dogs near the tree"  # three words, of which one has more than half
WIDE = "A tiger"  # greedy search takes the likeliest word here, and ends in an unlikely sentence
WRONG = (  # sure of itself, and wrong
    "The doll is on the floor. The spoon is under the chair. The shell is on the table. "
    "Where is the spoon? It is under the"
)
