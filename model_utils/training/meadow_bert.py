"""The recipe of meadow-bert: a small BERT that reads Meadow from a fixed seed, and learns which sentences follow."""

from collections.abc import Generator
from contextlib import closing

import torch
from torch import Tensor

from model_utils.training import meadow_bert_rows as rows
from model_utils.training.fitting import Recipe, Work
from model_utils.training.masked_network import hidden_places, masked_loss, newborn
from model_utils.training.masked_tokenizer import NAMES
from model_utils.training.network import Shape

SHAPE = Shape(layers=4, heads=4, width=128, max_tokens=128)
RECIPE = Recipe(
    seed=1,
    data_seed=5_000_000,
    steps=3200,
    batch_size=160,
    peak_rate=1.5e-3,
    warmup=100,
    decay=0.5,
    weight_decay=0.01,
    save_every=100,
)


def prepare(recipe: Recipe, shape: Shape = SHAPE) -> Work:
    """The newborn network and the endless stream of texts and pairs: it is never shown the same batch twice."""
    words = rows.bert_tokenizer()

    def batches(first: int) -> Generator[Tensor]:
        with closing(rows.batches(recipe.data_seed, recipe.batch_size, first)) as stream:
            yield from map(torch.from_numpy, stream)

    network = newborn(shape, words.get_vocab_size(), recipe.seed, pairs=True)
    return Work(network, words, batches, masked_loss, bfloat16=True, targets=hidden_places, special_tokens=NAMES)
