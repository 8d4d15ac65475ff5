"""Rows for a masked model: texts with some tokens hidden, as BERT's recipe hides them, and batches of such rows.

Sources: Devlin et al. 2019, "BERT", section 3.1; that hiding more teaches faster: Wettig et al. 2023, "Should You Mask
15% in Masked Language Modeling?". No torch here: the sampling process must start fast and stay small.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from model_utils.training.corpus import IGNORE, Ids

HIDDEN, HIDDEN_MORE = 0.15, 0.4  # shares of the places: BERT's, and in every second row more, for many blanks at once
AS_MASK, AS_ANOTHER = 0.8, 0.1  # of the hidden places: a mask, another word; the rest is left as it is


@dataclass(frozen=True)
class Symbols:
    """The ids of the special tokens, and the range of ids from which another word is drawn."""

    pad: int
    cls: int
    sep: int
    mask: int
    words: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Row:
    """One text or pair as token ids (T,), special tokens included; `open_to` (T,) says what may be hidden.

    follows: 0 where the second sentence follows the first, 1 where not, IGNORE for a text alone.
    """

    ids: Ids
    segments: Ids
    open_to: NDArray[np.bool_]
    follows: int = IGNORE


def single(ids: Ids, symbols: Symbols, closed_end: bool = False) -> Row:
    """[CLS] text [SEP]; with `closed_end` the last token of the text is never hidden."""
    whole = np.concatenate([[symbols.cls], ids, [symbols.sep]])
    open_to = np.ones(len(whole), dtype=np.bool_)
    open_to[[0, -1]] = False
    open_to[-2] &= not closed_end
    return Row(whole, np.zeros_like(whole), open_to)


def pair(first: Ids, second: Ids, symbols: Symbols, follows: bool) -> Row:
    """[CLS] first [SEP] second [SEP], segments 0 and 1."""
    whole = np.concatenate([[symbols.cls], first, [symbols.sep], second, [symbols.sep]])
    segments = np.repeat([0, 1], [len(first) + 2, len(second) + 1])
    return Row(whole, segments, whole < symbols.cls, 0 if follows else 1)


def batch(rows: Sequence[Row], symbols: Symbols, draw: Generator) -> Ids:
    """(3, B, T): what is seen, what is asked, segments; padded on the right. Every row has a hidden place."""
    shape = len(rows), max(len(row.ids) for row in rows)
    ids, segments = np.full(shape, symbols.pad), np.zeros(shape, dtype=np.int64)
    open_to = np.zeros(shape, dtype=np.bool_)
    for number, row in enumerate(rows):
        ids[number, : len(row.ids)], segments[number, : len(row.ids)] = row.ids, row.segments
        open_to[number, : len(row.ids)] = row.open_to
    shares = np.where(np.arange(len(rows)) % 2, HIDDEN_MORE, HIDDEN)
    chosen = choose(open_to, shares, draw)
    asked = np.where(chosen, ids, IGNORE)
    asked[:, 0] = [row.follows for row in rows]
    return np.stack([hide(ids, chosen, symbols, draw), asked, segments])


def choose(open_to: NDArray[np.bool_], shares: NDArray[np.float64], draw: Generator) -> NDArray[np.bool_]:
    """(B, T): each open place with its row's probability, shares (B,), and one place of a row that would have none."""
    luck = np.where(open_to, draw.random(open_to.shape), 2.0)
    return luck <= np.maximum(shares[:, None], luck.min(axis=1, keepdims=True))


def hide(ids: Ids, chosen: NDArray[np.bool_], symbols: Symbols, draw: Generator) -> Ids:
    """(B, T): of the chosen tokens eight in ten are masks, one in ten is any word, one in ten stays."""
    luck = draw.random(ids.shape)
    other = draw.integers(*symbols.words, size=ids.shape)
    seen = np.where(chosen & (luck < AS_MASK), symbols.mask, ids)
    return np.where(chosen & (luck >= AS_MASK) & (luck < AS_MASK + AS_ANOTHER), other, seen)
