"""The lesson on masked words: maths.py computes, steps.py and pairs.py ask it of a run, figures.py and formula.py draw.

recording.py holds a training that ran before; it needs no torch.
"""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

SENTENCE = "The dogs near the tree [MASK] hungry."
CAPITAL = "The capital of France is [MASK]."
FROM_THE_RIGHT = "The capital of [MASK] is Paris."
FROM_BEHIND = "Anna is a [MASK]. She works in a hospital."
DUCK = "A duck [MASK] [MASK]."
WHALE = "A [MASK] eats [MASK]."
STORY = "Once upon a time, there was a girl named Lily. She lived in Paris. One day, Lily lost a ball. She was sad."
SEED = 55  # of the first throw that is shown
WHOLE = "The dogs near the tree are hungry."
IN_A_BOOK = "She [MASK] the door and went out."
FIRSTS = ("The capital of Poland is Warsaw.", "The dogs near the tree are hungry.", "Review: The book was wonderful.")
SECONDS = ("People there speak Polish.", "People there speak French.", "They are sleeping.", "Sentiment: negative.")
STRANGER = "He drives buses."
