"""The tokens lesson: maths.py cuts and learns, training.py asks the library, figures.py and formula.py draw.

merging.py learns merges one by one, steps.py counts, permuting.py deals out new ids.
"""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

FACT = "The capital of France is"
BASES = ("characters", "bytes")  # what byte pair encoding may start from
KINDS = ("bpe", "wordpiece", "unigram")
