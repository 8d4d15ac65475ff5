"""The encoder-decoder lesson: maths.py computes, steps.py and gold.py ask it of a run, figures.py and formula.py draw.

writing.py lets a model write: freely, from words that are put into its mouth, or with a part switched off.
"""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

SENTENCE = "The dogs near the tree are hungry."
CHANGED = "The dogs near the tree are sleeping."
ENCODER, DECODER, BOTH = "meadow-bert", "meadow-gpt", "meadow-translator"
MACHINES = (  # name, kinds of model, the one that an untouched page shows
    ("encoder", ("masked", "encoder"), ENCODER),
    ("decoder", ("causal",), DECODER),
    ("both", ("seq2seq",), BOTH),
)
OTHER = "Oslo is the capital of Norway."
BEGUN = "The capital of France is"
HIDDEN = 5  # the word of SENTENCE that an untouched page hides, counted from 0: "are"
EXAMPLES = (
    SENTENCE,
    "Emma likes the spring because the water is cool.",
    "The judge behind the trees is resting.",
    "Oslo is the capital of Norway.",
    "A wolf is smaller than a horse.",
)
SLIP, SLIPPED = 0, 3  # an untouched page puts the word of place 3 at place 0: it begins as English does
MOST_WRITTEN = 72  # tokens: a long document of Meadow takes fewer
MOST_CONTINUED = 24  # tokens, where a model goes on writing
MOST_SHOWN = 120  # tokens of one map among three
