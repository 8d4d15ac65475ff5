"""The recipe of meadow-gpt: a small GPT-2 that reads Meadow from a fixed seed, kept at 16 moments of its life."""

from collections.abc import Generator
from contextlib import closing
from itertools import count, takewhile

import torch
from torch import Tensor

from model_utils.training import corpus
from model_utils.training.fitting import Recipe, Work
from model_utils.training.loop import next_token_loss_by_length
from model_utils.training.network import Shape, newborn

SHAPE = Shape(layers=5, heads=4, width=128, max_tokens=128)
RECIPE = Recipe(
    seed=1,
    data_seed=1_000_000,
    steps=4600,
    batch_size=128,
    peak_rate=6e-3,
    warmup=60,
    decay=0.3,
    weight_decay=0.01,
    save_every=100,
)


def prepare(recipe: Recipe) -> Work:
    """The newborn network and the endless stream of documents: it is never shown the same batch twice."""
    words = corpus.meadow_tokenizer()

    def batches(first: int) -> Generator[Tensor]:
        with closing(corpus.batches(recipe.data_seed, recipe.batch_size, first)) as stream:
            yield from map(torch.from_numpy, stream)

    network = newborn(SHAPE, words.get_vocab_size(), recipe.seed)
    return Work(network, words, batches, next_token_loss_by_length, checkpoint_steps(recipe.steps))


def checkpoint_steps(steps: int) -> tuple[int, ...]:
    """The steps at which the weights are kept: 0, 10, then each 1.55 times the last; `steps` itself is the model."""
    spaced = (round(10 * 1.55**power) for power in count())
    return (0, *takewhile(lambda step: step < steps, spaced))
