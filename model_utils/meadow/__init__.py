"""Meadow: a small English, with its Chinese, whose next-word probabilities are known exactly.

    >>> next_word_probabilities("The capital of France is")
    {'Paris': 1.0}

The grammar is a program in two verbs, `choose(options, weights)` and `say(english, chinese)`, under one law: a choice
is made just before the word that it decides is said. Then sampling can run it with dice, and exact inference can run it
again under forced choices, cutting each branch where it departs from a text.

    world/*.toml, world.py   people, animals, things, places, with their Chinese
    planted.toml, planted.py a pronoun ratio for each profession, and one secret, for lessons to find in a model
    kinds/                   the grammar: a function for each kind of document, and their shares
    sampling.py, annotate.py documents with their Chinese, alignment, roles, entities, senses, questions
    inference.py             exact next-word probabilities
    masked.py                exact probabilities of what stands in a blank, given both sides
    lexicon.py, text.py      all words with their categories; text to words and back
"""

from model_utils.meadow.inference import is_meadow, log_probability, next_word_probabilities, word_surprisals
from model_utils.meadow.lexicon import categories, vocabulary
from model_utils.meadow.masked import TooManyFillings, likeliest_filling, masked_word_probabilities
from model_utils.meadow.planted import SECRET, SHE
from model_utils.meadow.sampling import entropy, sample_documents, sample_texts
from model_utils.meadow.text import detokenize, tokenize
from model_utils.meadow.types import END, Document, NotMeadow

__all__ = [
    "END", "SECRET", "SHE", "Document", "NotMeadow", "TooManyFillings", "categories", "detokenize", "entropy",
    "is_meadow", "likeliest_filling", "log_probability", "masked_word_probabilities", "next_word_probabilities",
    "sample_documents", "sample_texts", "tokenize", "vocabulary", "word_surprisals",
]
