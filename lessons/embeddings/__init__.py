"""The embeddings lesson: maths.py computes, table.py reads a model's rows, the other parts ask, figures draw."""

from lessons.parts import when_used

__getattr__ = when_used(__name__)

# Measured on the shipped models; tests/lessons/test_embeddings_claims.py holds what the prose says of each.
GROUPS = ("people", "animals", "places", "things", "qualities", "actions", "rest")  # in the order of their colours
KINDS = ("causal", "encoder", "masked")
WORDS = ("dog", "king", "France", "happy")
PAIRS = "good bad, happy sad, king queen, dog cat, dog king"
ANALOGIES = ("king - man + woman", "Paris - France + Italy", "dogs - dog + cat")
ROTATED = "king, queen, dog, cat, Paris, France"
UNRELATED = (
    "The old man sat in the garden. Stocks fell sharply on Monday. She plays tennis. My computer is broken again."
)
BANKS = (
    "She sat on the bank of the river and watched the boats.",
    "I need to go to the bank and withdraw money.",
    "They had a picnic on the bank of the lake.",
)
TWO_TEXTS = ("We walked to the bank of the river.", "We walked to the bank of the city.")
MEADOW_BANKS = ("Tom sat on the bank", "Tom went to the bank", "Mia sat on the bank")
AFTERWARDS = ("Tom walked to the bank to save money", "Tom walked to the bank and watched the boats")
SENTENCES = (
    "A man is playing a guitar.",
    "Someone plays an instrument.",
    "The cat sleeps on the sofa.",
    "The film was good.",
    "The film was bad.",
    "The movie was great.",
)
PERPLEXITIES = ("2", "5", "30", "100")
SEEDS = ("0", "1", "2", "3")
