"""Meadow's documents as padded batches: a pure function of a seed, sampled ahead in one other process.

Each row is END + document + END and nothing else, so the model meets a document as a prompt is fed: from position 0.
No torch here: the sampling process must start fast and stay small.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import count
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from model_utils.meadow import END, sample_texts, vocabulary
from model_utils.training.tokenizer import build

IGNORE = -100  # as in loop.py: a padded cell
POOL = 64  # batches sampled together
Ids = NDArray[np.int64]
Pool = Callable[[int, int, int], list[Ids]]  # seed, number, batch size -> POOL batches; at the top of a module


@cache
def meadow_tokenizer() -> Tokenizer:
    """The tokenizer over Meadow's vocabulary, built once a process."""
    return build(vocabulary())


def rows(texts: Sequence[str]) -> list[Ids]:
    """END + text + END as token ids, one row (T,) a text."""
    tokenizer = meadow_tokenizer()
    end = tokenizer.token_to_id(END)
    return [np.array([*encoding.ids, end]) for encoding in tokenizer.encode_batch(list(texts))]


def padded(some_rows: Sequence[Ids]) -> Ids:
    """Rows of different lengths as one batch (B, T), filled with IGNORE on the right."""
    batch = np.full((len(some_rows), max(map(len, some_rows))), IGNORE, dtype=np.int64)
    for place, row in zip(batch, some_rows, strict=True):
        place[: len(row)] = row
    return batch


def pool(seed: int, number: int, batch_size: int) -> list[Ids]:
    """The `number`-th POOL batches (batch_size, T) of the stream that `seed` names."""
    all_rows = rows(list(sample_texts(POOL * batch_size, seed=seed + number)))
    return [padded(all_rows[start : start + batch_size]) for start in range(0, len(all_rows), batch_size)]


def batches(seed: int, batch_size: int, first: int = 0) -> Iterator[Ids]:
    """The endless stream of batches from number `first` on."""
    return sampled_ahead(pool, seed, batch_size, first)


def sampled_ahead(pool: Pool, seed: int, batch_size: int, first: int) -> Iterator[Ids]:
    """The batches of all pools from number `first` on; the next pool is sampled while this one is used."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as sampler:
        coming = sampler.submit(pool, seed, first // POOL, batch_size)
        for number in count(first // POOL):
            here = coming.result()
            coming = sampler.submit(pool, seed, number + 1, batch_size)
            yield from here[first % POOL if number == first // POOL else 0 :]
