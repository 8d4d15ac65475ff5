"""What meadow-bert reads: beginnings of Meadow's documents, and pairs of a beginning and a sentence.

The truth beside which it stands is the probability that a document opens with a text. So how often a beginning is read
may depend on nothing but its length and its last mark, which every filling of its blanks shares.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.random import Generator, default_rng
from tokenizers import Tokenizer

from model_utils.meadow import sample_texts
from model_utils.training import masked_rows
from model_utils.training.corpus import POOL, Ids, meadow_tokenizer, sampled_ahead
from model_utils.training.masked_rows import Row, Symbols, pair, single
from model_utils.training.masked_tokenizer import CLS, MASK, PAD, SEP, masked

SHORT = 12  # tokens; a beginning of n times as many is read one time in n
CUT, LATEST = 1 / 3, 24  # share of the documents also cut anywhere, and the last place where they are
LATER = 20  # the pool from which on pairs come oftener: by then the words are known
PAIRS_EVERY = (8, 4)  # one batch in so many is of pairs, before and after
DOCUMENTS = (36, 48)  # sampled for each row of a batch: enough for the rows of a pool


@cache
def bert_tokenizer() -> Tokenizer:
    """The tokenizer over Meadow's vocabulary, built once a process."""
    return masked(meadow_tokenizer())


@cache
def symbols() -> Symbols:
    """The special ids; the words are all that are no single bytes."""
    ids = bert_tokenizer().token_to_id
    return Symbols(ids(PAD), ids(CLS), ids(SEP), ids(MASK), (257, ids(CLS)))


def sentences(ids: Ids) -> list[Ids]:
    """A document cut after each full stop and question mark."""
    ends = np.flatnonzero(np.isin(ids, _ends())) + 1
    return np.split(ids, ends[ends < len(ids)])


@cache
def _ends() -> tuple[int, ...]:
    return tuple(bert_tokenizer().token_to_id(mark) for mark in ".?")


def documents(n: int, seed: int) -> list[Ids]:
    """n documents as token ids, special tokens left out."""
    texts = list(sample_texts(n, seed=seed))
    return [np.array(found.ids) for found in bert_tokenizer().encode_batch(texts, add_special_tokens=False)]


def beginnings(ids: Ids, draw: Generator) -> Iterator[Row]:
    """The beginnings of a document that are read: after whole sentences, short ones oftener; now and then cut anywhere.

    The last mark of a whole sentence is never hidden: beginnings with and without one come in other shares than in
    Meadow, and a blank there would have to be filled by these.
    """
    for end in np.cumsum([len(sentence) for sentence in sentences(ids)]):
        if draw.random() * end < SHORT:
            yield single(ids[:end], symbols(), closed_end=True)
    cut = draw.integers(1, LATEST + 1)
    if draw.random() < CUT and cut <= len(ids):
        yield single(ids[:cut], symbols())


def pairs(some: list[Ids], draw: Generator) -> Iterator[Row]:
    """A beginning with its next sentence or, half of the time, one of the document before; short ones oftener."""
    other = sentences(some[-1])
    for ids in some:
        mine = sentences(ids)
        if len(mine) > 1:
            at, follows = draw.integers(1, len(mine)), draw.random() < 0.5
            second = mine[at] if follows else other[draw.integers(len(other))]
            first = np.concatenate(mine[:at])
            short = draw.random() * (len(first) + len(second)) < SHORT
            if short and (follows or not np.array_equal(second, mine[at])):
                yield pair(first, second, symbols(), bool(follows))
        other = mine


def pool(seed: int, number: int, batch_size: int, count: int = POOL) -> list[Ids]:
    """The first `count` of the `number`-th POOL batches (3, B, T) of the stream that `seed` names."""
    draw, every, share = default_rng([seed, number]), PAIRS_EVERY[number >= LATER], DOCUMENTS[number >= LATER]
    some = documents(share * batch_size, seed + number)
    alone, paired = [row for ids in some for row in beginnings(ids, draw)], list(pairs(some, draw))
    for rows in (alone, paired):
        draw.shuffle(rows)
    kinds = [alone if at % every else paired for at in range(count)]
    return [masked_rows.batch([rows.pop() for _ in range(batch_size)], symbols(), draw) for rows in kinds]


def batches(seed: int, batch_size: int, first: int = 0) -> Iterator[Ids]:
    """The endless stream of batches from number `first` on."""
    return sampled_ahead(pool, seed, batch_size, first)
