"""Meadow: a small English, with its Chinese, whose next-word probabilities are known exactly.

    >>> next_word_probabilities("The capital of France is")
    {'Paris': 1.0}

The grammar is a program in two verbs (`kinds/`): `choose(options, weights)` and `say(english, chinese)`. Sampling runs
it with dice, exact inference runs it again under forced choices.
"""

from model_utils.meadow.inference import is_meadow, log_probability, next_word_probabilities, word_surprisals
from model_utils.meadow.lexicon import categories, vocabulary
from model_utils.meadow.planted import SECRET, SHE
from model_utils.meadow.sampling import entropy, sample_documents, sample_texts
from model_utils.meadow.text import detokenize, tokenize
from model_utils.meadow.types import END, Document, NotMeadow

__all__ = [
    "END", "SECRET", "SHE", "Document", "NotMeadow", "categories", "detokenize", "entropy", "is_meadow",
    "log_probability", "next_word_probabilities", "sample_documents", "sample_texts", "tokenize", "vocabulary",
    "word_surprisals",
]
