"""The tokens lesson: maths.py cuts and learns, training.py asks the library, steps.py lays it out, figures.py draws."""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

TRAINED = "trained"  # what the tokeniser that was learnt a moment ago is called where a model's id stands
FACT = "The capital of France is"
