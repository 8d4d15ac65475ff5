"""The attention lesson: maths.py computes, steps.py and tables.py ask it of a run, figures.py and formula.py draw."""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

SENTENCE = "The dogs near the tree"
SHOWN = (3, 0)  # the layer and head of meadow-gpt in which "tree" looks most at "dogs": a test measures it
