"""What the demos on the table draw: a row picked, neighbours, analogies, raw and centred cosines."""

import re
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.embeddings import maths
from lessons.embeddings.table import places_of, rows_of, sample
from model_utils.meadow import world
from model_utils.types import Floats, Model, Trace

AROUND = 3  # rows of the table shown above and below the one that is picked
COLUMNS = 24  # numbers of each row that are shown
NEAREST = 10
MOST_SCORES = 20_000_000  # of analogies times words: a large vocabulary is asked fewer of them
FEW = 3  # a family of fewer words makes no analogies to count


@dataclass(frozen=True, eq=False)
class Lookup:
    """A one-hot vector times the table, and the row it picks."""

    token_id: int
    ids: NDArray[np.int64]  # (R,) of the rows shown
    one_hot: Floats  # (R,) its entries there
    rows: Floats  # (R, COLUMNS) of the table
    picked: Floats  # (C,) the product
    vocabulary: int
    difference: float  # between the product and the row as it stands in the table


@dataclass(frozen=True, eq=False)
class Nearest:
    """The words that score highest beside a vector."""

    words: tuple[str, ...]
    scores: Floats


def lookup(model: Model, token_id: int) -> Lookup:
    """The product over the whole vocabulary, and the part of it that has room on a page."""
    W = rows_of(model)  # (V, C)
    x = maths.one_hot(token_id, len(W))
    picked = maths.picked_row(x, W)
    first = max(0, min(token_id - AROUND, len(W) - 2 * AROUND - 1))
    ids = torch.arange(first, min(first + 2 * AROUND + 1, len(W)))
    return Lookup(
        token_id=token_id,
        ids=ids.numpy(),
        one_hot=x[ids].numpy(),
        rows=W[ids, :COLUMNS].numpy(),
        picked=picked.numpy(),
        vocabulary=len(W),
        difference=float((picked - W[token_id]).abs().max()),
    )


def neighbours(model: Model, token_id: int, by: str = "cosine") -> Nearest:
    """The nearest rows of the whole table but the word's own; by: "cosine" or "product"."""
    W = rows_of(model)
    scores = maths.cosines(W[token_id], W) if by == "cosine" else W @ W[token_id]  # (V,)
    return _nearest(model, scores, (token_id,))


def analogy(model: Model, ids: tuple[int, int, int], left_out: bool) -> Nearest:
    """a - b + c over the whole table; left_out: the three words themselves may not be the answer."""
    W = rows_of(model)
    scores = maths.cosines(maths.analogy(*W[list(ids)]), W)
    return _nearest(model, scores, ids if left_out else ())


def last_alone(model: Model, ids: tuple[int, int, int]) -> Nearest:
    """No arithmetic: the nearest rows to c, with the three words left out."""
    W = rows_of(model)
    return _nearest(model, maths.cosines(W[ids[2]], W), ids)


def terms(text: str) -> tuple[str, str, str] | None:
    """The three words of "a - b + c", or None."""
    found = re.fullmatch(r"\s*(\S+)\s+[-\u2212\u2013\uff0d]\s*(\S+)\s+[+\uff0b]\s*(\S+)\s*", text)
    return found.groups() if found else None


def families() -> dict[str, tuple[tuple[str, str], ...]]:
    """Pairs of Meadow's world that are said to make analogies: label -> (first, second) of each pair."""
    return {
        "capitals": tuple((country.name.english, country.capital.english) for country in world.COUNTRIES),
        "animals_plural": tuple((animal.one.english, animal.many.english) for animal in world.ANIMALS),
        "things_plural": tuple((one.english, many.english) for one, many in world.THINGS if many.english),
    }


def hits(model: Model, family: tuple[tuple[str, str], ...]) -> tuple[float, float, float] | None:
    """Shares of all analogies of a family that come out: any answer allowed, inputs left out, no arithmetic at all."""
    known, _ = places_of([word for pair in family for word in pair], model.vocabulary)
    found = [(known.get(one), known.get(other)) for one, other in family]
    pairs = [pair for pair in found if None not in pair and pair[0] != pair[1]]
    if len(pairs) < FEW:
        return None
    ids = torch.tensor(pairs)  # (P, 2)
    U = maths.unit(rows_of(model))  # (V, C)
    beside = U[ids] @ U.mT  # (P, 2, V): each word of the family beside every word there is
    order = torch.tensor(list(permutations(range(len(pairs)), 2)))[: MOST_SCORES // len(U)]  # (Q, 2)
    right = torch.cat([_right(ids, beside, part) for part in order.split(128)])  # (Q, 3)
    return tuple(right.double().mean(dim=0).tolist())


def _right(ids: torch.Tensor, beside: torch.Tensor, order: torch.Tensor) -> torch.Tensor:
    """Whether each way finds the answer of A - a + c. order: (Q, 2), the pair (a, A) and the pair (c, answer)."""
    (one, other), answer = order.unbind(dim=1), ids[order[:, 1], 1]
    inputs = torch.stack([ids[one, 1], ids[one, 0], ids[other, 0]], dim=1)  # (Q, 3)
    scores = beside[one, 1] - beside[one, 0] + beside[other, 0]  # (Q, V)
    left_out, alone = (found.scatter(1, inputs, -torch.inf) for found in (scores, beside[other, 0]))
    return torch.stack([found.argmax(dim=1) == answer for found in (scores, left_out, alone)], dim=1)


def pairs_of(model: Model, text: str) -> tuple[list[str], Floats, Floats]:
    """Named pairs of words with their raw and centred cosine. text: two words a pair, pairs apart by commas."""
    asked = [pair.split() for pair in split(text) if len(pair.split()) == 2]
    words, _ = places_of([word for pair in asked for word in pair], model.vocabulary)
    asked = [pair for pair in asked if all(word in words for word in pair)]
    W = rows_of(model)
    mean = torch.from_numpy(sample(model).rows).mean(dim=0)  # (C,)
    found = []
    for one, other in asked:
        a, b = W[words[one]], W[words[other]]
        found.append([maths.cosines(a, b), maths.cosines(a - mean, b - mean)])
    both = np.array(found, dtype=np.float32).reshape(-1, 2)
    return [f"{one} · {other}" for one, other in asked], both[:, 0], both[:, 1]


def mean_cosines(run: Trace) -> tuple[Floats, Floats]:
    """The mean cosine of two different places, at each layer: raw, and with the mean state taken away. (L+1,) each."""
    states = torch.from_numpy(run.hidden_states)  # (L+1, T, C)
    T = states.shape[1]
    others = ~torch.eye(T, dtype=torch.bool)
    measured = [maths.cosine_matrix(vectors)[:, others].mean(dim=1) for vectors in (states, maths.centred(states))]
    return measured[0].numpy(), measured[1].numpy()


def split(text: str) -> list[str]:
    """What stands between commas, English or Chinese; nothing twice."""
    return list(dict.fromkeys(part for piece in re.split(r"[,\uff0c\u3001;\uff1b\n]", text) if (part := piece.strip())))


def _nearest(model: Model, scores: torch.Tensor, left_out: tuple[int, ...]) -> Nearest:
    scores = scores.index_fill(0, torch.tensor(left_out, dtype=torch.int64), -torch.inf)
    top = scores.topk(min(NEAREST, len(scores) - len(set(left_out))))
    return Nearest(tuple(model.vocabulary[place] for place in top.indices.tolist()), top.values.numpy())
