"""The block lesson.

network.py reads a model's tables, maths.py computes with them, stream.py is our own forward pass, with the switches in
it; norms.py, towards.py, units.py, lens.py, counting.py and depth.py ask one question each; figures.py,
layers_figures.py and formula.py draw.
"""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

# Measured on meadow-gpt; tests/lessons/test_block_claims.py holds each to the weights that are shipped.
CAPITAL = "The capital of France is"  # the first MLP finds the answer
NUMBER = "The dogs near the tree"
SHOWN_LAYER = 2  # its attention and its MLP can be missed here, its residual and its norms cannot
NEAR_TEXTS = ("The dogs near the tree", "The dog near the tree")
DEPTHS = ("6", "12", "24", "48")
SWEEP_AT_MOST = 5_000_000  # parameters: the sweep is one forward pass for each of its cells
