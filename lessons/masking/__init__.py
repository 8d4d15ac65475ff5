"""The masking lesson: maths.py computes, steps.py asks it of a run, figures.py and formula.py draw.

recording.py holds a training that ran before; it needs no torch.
"""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

SENTENCE = "The dogs near the tree are hungry"
PROMPT = "The dogs near the tree"
COMPANION = "The dogs near the tree are hungry. They are sleeping. The capital of France is"
BLANK = "The dogs near the tree [MASK] hungry."
SHOWN = (0, 0)  # layer and head
