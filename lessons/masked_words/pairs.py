"""Two gaps: guessed each alone, one after the other, and as it is in truth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from lessons.masked_words import maths
from lessons.masked_words.steps import MASK, gap_places, run_ids, token_of, truths
from model_utils.reading import read
from model_utils.types import Floats, Model

CANDIDATES = 64  # words of the first gap that are tried
SECONDS = 32  # words of the second gap that are kept
AT_ONCE = 8  # texts in one batch: a large vocabulary takes memory
SHOWN = 6  # rows and columns
RANKED = 8 * SHOWN  # of the likeliest pairs: the words that are shown are among theirs

Words = tuple[str, str]
Joint = Mapping[Words, float]


@dataclass(frozen=True, eq=False)
class Pair:
    """Two words for two gaps: what each got alone, what the second got with the first written in, and the truth."""

    words: Words
    first: float
    second: float
    given: float
    truth: float | None

    @property
    def alone(self) -> float:
        """The pair's probability if the gaps knew nothing of each other."""
        return self.first * self.second

    @property
    def chained(self) -> float:
        """The pair's probability with the second gap guessed after the first."""
        return self.first * self.given


@dataclass(frozen=True, eq=False)
class Pairs:
    """The likeliest words of two gaps, as rows and columns, and three tables of their pairs, (rows, columns) each."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    alone: Floats
    chained: Floats
    truth: Floats | None
    of_each: Pair  # the likeliest word of the one gap and the likeliest of the other
    in_turn: Pair  # the likeliest pair, when the second gap is guessed with the first one written in
    in_truth: Pair | None


def true_pairs(text: str) -> dict[Words, float] | None:
    """The exact probability of each pair of words, first times second given first; None where it is not known.

    Of the CANDIDATES likeliest first words; no pair is likelier than its first word.
    """
    marginals = truths(text)
    if marginals is None or len(marginals) != 2:
        return None
    joint: dict[Words, float] = {}
    for first, probability in list(marginals[0].items())[:CANDIDATES]:
        given = truths(text.replace(MASK, first, 1)) or ({},)
        joint |= {(first, second): probability * share for second, share in given[0].items()}
    return joint


def pairs(model: Model, text: str, truth: Joint | None) -> Pairs:
    """Both gaps of `text`, which spells them as this model does. `truth`: of its pairs, where it is known."""
    ids = torch.tensor(read(model, text).ids)  # (T,)
    one, other = gap_places(ids.numpy(), model.tokenizer.mask_token_id)
    probs = maths.word_probabilities(run_ids(model, ids[None])[0])  # (T, V)
    tried = _with(probs[one].argsort(descending=True)[:CANDIDATES], model, truth, 0)  # (K,)
    chained = maths.one_after_the_other(probs[one, tried], _given(model, ids, one, other, tried))  # (K, V)
    likely = [row.argsort(descending=True)[:SECONDS] for row in (probs[other], chained.amax(dim=0))]
    kept = _with(torch.cat(likely), model, truth, 1)  # (M,)
    alone = maths.each_alone(probs[one, tried], probs[other, kept])  # (K, M)
    first, second = ([model.vocabulary[int(i)].strip() for i in found] for found in (tried, kept))
    found = (_joint(first, second, alone), _joint(first, second, chained[:, kept]))
    each = (model.vocabulary[int(probs[one].argmax())].strip(), model.vocabulary[int(probs[other].argmax())].strip())
    return _tables(found, _merged(zip(first, probs[one, tried].tolist(), strict=True)), truth, each)


def _given(model: Model, ids: torch.Tensor, one: int, other: int, tried: torch.Tensor) -> torch.Tensor:
    """What the second gap may be with each of the tried words written into the first: (K, V)."""
    filled = ids.repeat(len(tried), 1)  # (K, T)
    filled[:, one] = tried
    logits = torch.cat([run_ids(model, part)[:, other] for part in filled.split(AT_ONCE)])  # (K, V)
    return maths.word_probabilities(logits)


def _with(ids: torch.Tensor, model: Model, truth: Joint | None, place: int) -> torch.Tensor:
    """Token ids, and those of the words that the likeliest true pairs have in one gap: what is drawn was computed."""
    words = {words[place] for words in _ranked(truth or {})}
    known = [token for word in words if (token := token_of(model, word)) is not None]
    return torch.cat([ids, torch.tensor(known, dtype=ids.dtype)]).unique()


def _joint(first: list[str], second: list[str], table: torch.Tensor) -> dict[Words, float]:
    """A table (K, M) by its words."""
    numbers = table.tolist()
    return _merged(((v, u), numbers[i][j]) for i, v in enumerate(first) for j, u in enumerate(second))


def _merged(shares: Iterable[tuple[Any, float]]) -> dict[Any, float]:
    """Probabilities by word; two tokens that spell one word, with a space before it and without, are added up."""
    found: dict[Any, float] = {}
    for word, share in shares:
        found[word] = found.get(word, 0.0) + share
    return found


def _ranked(joint: Joint) -> list[Words]:
    return sorted(joint, key=lambda words: (-joint[words], words))[:RANKED]


def _tables(found: tuple[Joint, Joint], firsts: Mapping[str, float], truth: Joint | None, each: Words) -> Pairs:
    joints = (*found, *(() if truth is None else (truth,)))
    rows, columns = (_shown(joints, place) for place in (0, 1))

    def table(joint: Joint) -> Floats:
        return np.array([[joint.get((v, u), 0.0) for u in columns] for v in rows], dtype=np.float32)

    def pair(words: Words) -> Pair:
        alone, chained = (joint.get(words, 0.0) for joint in found)
        first = firsts.get(words[0], 0.0)
        second, given = (share / first if first else 0.0 for share in (alone, chained))
        return Pair(words, first, second, given, truth and truth.get(words, 0.0))

    return Pairs(
        rows=rows,
        columns=columns,
        alone=table(found[0]),
        chained=table(found[1]),
        truth=None if truth is None else table(truth),
        of_each=pair(each),
        in_turn=pair(max(found[1], key=found[1].__getitem__)),
        in_truth=pair(max(truth, key=truth.__getitem__)) if truth else None,
    )


def _shown(joints: tuple[Joint, ...], place: int) -> tuple[str, ...]:
    """The words of one gap that take part in the likeliest pairs, SHOWN at most: each joint has its turn."""
    ranked = [_ranked(joint) for joint in joints]
    mixed = (words[place] for turn in zip(*(each[: min(map(len, ranked))] for each in ranked), strict=True)
             for words in turn)  # fmt: skip
    return tuple(dict.fromkeys(mixed))[:SHOWN]
