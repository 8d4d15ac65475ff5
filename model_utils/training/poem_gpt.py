"""The recipe of poem-gpt: a small GPT-2 that reads Tang and Song poems character by character."""

from collections import Counter
from collections.abc import Generator, Sequence
from itertools import count

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from model_utils.training import poem_forms
from model_utils.training.corpus import IGNORE, Ids
from model_utils.training.fitting import Recipe, Work
from model_utils.training.loop import next_token_loss
from model_utils.training.network import Shape, newborn
from model_utils.training.texts import Poem, Split
from model_utils.training.tokenizer import build_characters

OFTEN = 20  # a character seen less often is spelled in bytes
ASKED, FORM_ONLY = 0.6, 0.2  # shares of the poems that are met with control tokens, and with the first one only
LENGTHS = (29, 37, 53, 69, 101, 133, 197, 257)  # of the rows of a batch: a poem is in the first that holds it
SHAPE = Shape(layers=4, heads=6, width=192, max_tokens=256)
RECIPE = Recipe(
    seed=1,
    data_seed=1,
    steps=2400,
    batch_size=4096,
    peak_rate=5e-3,
    warmup=60,
    decay=0.4,
    weight_decay=0.01,
    save_every=100,
)


def prepare(texts: Split[Poem], recipe: Recipe, shape: Shape = SHAPE, often: int = OFTEN) -> Work:
    """The tokenizer over the characters of the training poems, and these poems as token ids."""
    seen = Counter(character for poem in texts.train for character in poem.text)
    words = build_characters((c for c, times in seen.items() if times >= often), poem_forms.controls().values())
    encoded = [np.array([*encoding.ids, 0]) for encoding in words.encode_batch([poem.text for poem in texts.train])]
    asked = [control_ids(words, poem) for poem in texts.train]

    def batches(first: int) -> Generator[Tensor]:
        return rows(encoded, asked, recipe, shape.max_tokens, first)

    network = newborn(shape, words.get_vocab_size(), recipe.seed)
    return Work(network, words, batches, next_token_loss, bfloat16=True)


def control_ids(words: Tokenizer, poem: Poem) -> Ids:
    """The ids of the control tokens that ask for such a poem."""
    return np.array([words.token_to_id(control) for control in poem_forms.controls_of(poem)])


def rows(
    encoded: Sequence[Ids], asked: Sequence[Ids], recipe: Recipe, max_tokens: int, first: int
) -> Generator[Tensor]:
    """Batches (B, T) from number `first` on: END, some of the control tokens or none, the poem, END."""
    lengths = np.array([length for length in LENGTHS if length <= max_tokens + 1])
    bucket = np.searchsorted(lengths[:-1], [len(poem) + 2 for poem in encoded])  # with both control tokens
    in_a_round = len(plan(bucket, lengths, recipe, 0))
    for number in count(first):
        turn, place = divmod(number, in_a_round)
        if place == 0 or number == first:
            batches = plan(bucket, lengths, recipe, turn)
        chosen, length = batches[place]
        dice = np.random.default_rng([recipe.data_seed, number, 1]).random(len(chosen))
        told = np.select([dice < FORM_ONLY, dice < ASKED], [1, 2], 0)
        batch = np.full((len(chosen), length), IGNORE)
        for row, i, n in zip(batch, chosen, told, strict=True):
            whole = np.concatenate([encoded[i][:1], asked[i][:n], encoded[i][1:]])[:length]
            row[: len(whole)] = whole
        yield torch.from_numpy(batch)


def plan(bucket: Ids, lengths: Ids, recipe: Recipe, turn: int) -> list[tuple[Ids, int]]:
    """The batches of one round, each the numbers of its poems and the length of its rows, in a random order.

    Poems of about one length go together: so there are few shapes, and oneDNN prepares anew for each new one.
    """
    dice = np.random.default_rng([recipe.data_seed, turn])
    order, batches = dice.permutation(len(bucket)), []
    for number, length in enumerate(lengths):
        poems, size = order[bucket[order] == number], recipe.batch_size // length
        batches += [(poems[i : i + size], int(length)) for i in range(0, len(poems) - size + 1, size)]
    return [batches[i] for i in dice.permutation(len(batches))]
