"""The recipe of storybook-gpt: a small GPT-2 that reads children's books, in pieces of words that it has learnt too."""

from collections.abc import Generator
from itertools import count

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from model_utils.meadow import END
from model_utils.training.fitting import Recipe, Work
from model_utils.training.loop import next_token_loss
from model_utils.training.network import Shape, newborn
from model_utils.training.texts import Split
from model_utils.training.tokenizer import learn_pieces

PIECES = 4096
SHAPE = Shape(layers=4, heads=4, width=256, max_tokens=128)
RECIPE = Recipe(
    seed=1,
    data_seed=1,
    steps=2750,
    batch_size=32,
    peak_rate=5e-3,
    warmup=60,
    decay=0.4,
    weight_decay=0.01,
    save_every=100,
)
Ids = NDArray[np.int64]


def prepare(texts: Split[str], recipe: Recipe, shape: Shape = SHAPE, pieces: int = PIECES) -> Work:
    """The tokenizer learnt from the training text, and all of that text as one long row of ids to cut windows from."""
    words = learn_pieces((line for text in texts.train for line in text.splitlines()), pieces)
    token_ids = np.concatenate([ids_of(words, text) for text in texts.train])
    starts = sentence_starts(words, token_ids)

    def batches(first: int) -> Generator[Tensor]:
        return windows(token_ids, starts, recipe, shape.max_tokens, first)

    network = newborn(shape, words.get_vocab_size(), recipe.seed)
    return Work(network, words, batches, next_token_loss, bfloat16=True)


def ids_of(words: Tokenizer, text: str) -> Ids:
    """END and a paragraph, for each line of `text`: a paragraph is met as a prompt is fed."""
    return np.concatenate([encoding.ids for encoding in words.encode_batch(text.splitlines())])


def sentence_starts(words: Tokenizer, token_ids: Ids) -> Ids:
    """The places in token_ids (T,) where a sentence begins, by the looks of its first token and of the one before."""
    strings = [words.id_to_token(i) for i in range(words.get_vocab_size())]
    begins = np.array([string.startswith("\u0120") and not string[1:2].islower() for string in strings])
    ends = np.array([string == END or string.rstrip("\"'")[-1:] in {".", "!", "?"} for string in strings])
    return np.flatnonzero(ends[token_ids[:-1]] & begins[token_ids[1:]]) + 1


def windows(token_ids: Ids, starts: Ids, recipe: Recipe, max_tokens: int, first: int) -> Generator[Tensor]:
    """Batches (B, max_tokens + 1) from number `first` on: END, then the text from the start of a sentence on.

    In each round every stretch of max_tokens is met once, from the last start of a sentence before it on.
    """
    rows = len(token_ids) // max_tokens - 2
    a_round = max(1, rows // recipe.batch_size)
    for number in count(first):
        draw = np.random.default_rng([recipe.data_seed, number // a_round])
        shift, order = draw.integers(max_tokens), draw.permutation(rows)
        here = order[number % a_round * recipe.batch_size :][: recipe.batch_size] * max_tokens + shift
        begin = starts[np.maximum(0, np.searchsorted(starts, here, side="right") - 1)]
        cut = token_ids[begin[:, None] + np.arange(max_tokens)]  # (B, max_tokens)
        yield torch.from_numpy(np.insert(cut, 0, 0, axis=1))
