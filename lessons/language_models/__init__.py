"""The language_models lesson: maths.py counts and learns; the other parts ask it of a text, of Meadow, of a run."""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

SENTENCE = "The dogs near the tree are"
SAMPLE = 3000  # documents of Meadow that the page counts
SAMPLE_SEED = 20
HELD_OUT = 150  # documents on which the seven are compared
HELD_OUT_SEED = 21
HIDDEN_DOCUMENTS = 1000  # of the sample, from which hidden states are learnt
HIDDEN_STATES = 24  # of the model that stands beside the others
ROUNDS = 30  # of Baum-Welch
LONGEST = 6000  # characters of a learner's own text
SIDE_BY_SIDE = (
    SENTENCE,
    "The dog near the tree",
    "Ruby lives in Santiago, the capital of",
    "List: lion food kite bell hotel castle river lion food kite",
    "The moon near the tree eats",
)
LOOKED_UP = (
    "Jack said: the librarian hid the white bell. Again: the librarian hid the white",
    "The bell is on the floor. The shell is in the box. Where is the bell? It is on the",
    "The capital of France is",
)
