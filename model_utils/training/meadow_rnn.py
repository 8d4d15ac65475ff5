"""The recipe of meadow-rnn: an LSTM with as many parameters as meadow-gpt, on the same documents."""

from collections.abc import Generator
from contextlib import closing
from functools import partial

import torch
from torch import Tensor

from model_utils.recurrent import LstmConfig, LstmForCausalLM
from model_utils.training import corpus
from model_utils.training.fitting import Recipe, Work
from model_utils.training.loop import next_token_loss_by_length

WIDTH, LAYERS, MAX_TOKENS = 240, 2, 128
RECIPE = Recipe(
    seed=1,
    data_seed=1_000_000,
    steps=4600,
    batch_size=128,
    peak_rate=1.5e-2,
    warmup=60,
    decay=0.85,
    weight_decay=0.01,
    save_every=100,
)


def prepare(recipe: Recipe, width: int = WIDTH) -> Work:
    """The newborn network and the endless stream of documents, the one that meadow-gpt met."""
    words = corpus.meadow_tokenizer()

    def batches(first: int) -> Generator[Tensor]:
        with closing(corpus.batches(recipe.data_seed, recipe.batch_size, first)) as stream:
            yield from map(torch.from_numpy, stream)

    network = newborn(width, words.get_vocab_size(), recipe.seed)
    return Work(network, words, batches, partial(next_token_loss_by_length, groups=3), bfloat16=True)


def newborn(width: int, words: int, seed: int) -> LstmForCausalLM:
    """The network at step 0, its forget gates open: it remembers before it has learnt what is worth it.

    Source of the open gates: Jozefowicz, Zaremba and Sutskever 2015, "An Empirical Exploration of Recurrent Network
    Architectures", section 2.2.
    """
    torch.manual_seed(seed)
    config = LstmConfig(
        vocab_size=words,
        hidden_size=width,
        num_hidden_layers=LAYERS,
        max_position_embeddings=MAX_TOKENS,
        dtype="float32",
        architectures=["LstmForCausalLM"],
    )
    network = LstmForCausalLM(config)
    with torch.no_grad():
        for layer in network.model.layers:
            layer.bias_hh_l0[width : 2 * width] = 1.0
    return network
