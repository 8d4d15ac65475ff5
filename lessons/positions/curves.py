"""The numbers of the four ways to tell a position, for drawing: numpy out."""

from dataclasses import dataclass

import numpy as np
import torch

from lessons.positions import maths
from model_utils.types import Floats

QUERY = (0.9, 0.3, 0.5, -0.8, 1.0, 0.2, 0.4, 0.7)  # a toy head of four pairs: what the two arrows are before they turn
KEY = (0.8, 0.5, 0.9, -0.2, 0.7, 0.6, 0.6, 0.5)
STEPS = 33  # positions that the arrows can be moved through
PAIRS = 32  # positions whose pairs are compared
WIDTH = 64
ALIBI_HEADS, ALIBI_HEAD = 8, 3  # of eight heads the third: slope 1/8


@dataclass(frozen=True, eq=False)
class Pairs:
    """Every pair of positions n <= m: how far apart, and their product (for ALiBi: what is added to the score)."""

    distances: Floats  # (N,)
    values: Floats  # (N,)

    @property
    def spread(self) -> float:
        """The largest difference between two pairs of the same distance."""
        return max(float(np.ptp(self.values[self.distances == each])) for each in np.unique(self.distances))


@dataclass(frozen=True, eq=False)
class Arrows:
    """A query and a key whose pairs turn with their positions. N moments, D/2 pairs."""

    query: Floats  # (N, D/2, 2)
    key: Floats  # (N, D/2, 2)
    product: Floats  # (N,)


@dataclass(frozen=True, eq=False)
class Beyond:
    """From position 0 to twice the trained length P; what was never seen begins at P."""

    trained: int  # P
    positions: Floats  # (2P,)
    slow: Floats  # (2P,) the cosine coordinate of the slowest hand that training saw a quarter turn of
    degrees: Floats  # (2P,) how far such a pair is turned by a distance
    squeezed: Floats  # (2P,) the same with all positions halved
    bias: Floats  # (2P,) ALiBi


def sinusoids(length: int, width: int, base: float) -> Floats:
    """The table of Vaswani et al.: (length, width)."""
    return maths.sinusoidal(_angles(length, width, base)).numpy()


def wavelengths(width: int, base: float) -> Floats:
    """How many positions one turn of each hand takes: (width / 2,)."""
    return (2 * torch.pi / _angles(2, width, base)[1]).numpy()


def _angles(length: int, width: int, base: float) -> torch.Tensor:
    return maths.angles(torch.arange(length, dtype=torch.float64), width, base)


def pairs_of(products: Floats) -> Pairs:
    """The lower half of (P, P), row by row."""
    later, earlier = np.tril_indices(len(products))
    return Pairs((later - earlier).astype(np.float32), np.asarray(products)[later, earlier].astype(np.float32))


def added_up(width: int, base: float) -> tuple[Pairs, Pairs]:
    """Products of positions kept as sine and cosine side by side, and of the two added up into one number."""
    table = torch.tensor(sinusoids(PAIRS, width, base))
    sums = table[:, 0::2] + table[:, 1::2]  # (P, C/2)
    return tuple(pairs_of(maths.products(rows, rows).numpy()) for rows in (table, sums))


def four_ways(table: Floats | None, base: float) -> dict[str, Pairs]:
    """Product against distance: sinusoids, a model's own table (if it has one), RoPE, ALiBi."""
    angles = _angles(PAIRS, WIDTH, base)
    sine, ones = maths.sinusoidal(angles), torch.ones(PAIRS, WIDTH, dtype=torch.float64)
    arrows = maths.turned(ones, angles)
    bias = maths.alibi_bias(maths.alibi_slopes(ALIBI_HEADS), PAIRS)[ALIBI_HEAD - 1]
    own = {} if table is None else {"learned": torch.tensor(table[:PAIRS])}
    vectors = {"sinusoids": sine} | own | {"rope": arrows}
    return {name: pairs_of(maths.products(rows, rows).numpy()) for name, rows in vectors.items()} | {
        "alibi": pairs_of(bias.numpy())
    }


def arrows(base: float, distance: int | None) -> Arrows:
    """The query moves on from position 0 while the key stays there; with a distance the key follows behind it."""
    steps = torch.arange(STEPS, dtype=torch.float64)
    at = (steps, torch.zeros_like(steps)) if distance is None else (steps + distance, steps)
    vectors = (torch.tensor(vector, dtype=torch.float64).expand(STEPS, -1) for vector in (QUERY, KEY))
    query, key = (
        maths.turned(each, maths.angles(places, len(QUERY), base)) for each, places in zip(vectors, at, strict=True)
    )  # (N, D) each
    product = (query * key).sum(dim=-1)  # (N,)
    return Arrows(_in_pairs(query), _in_pairs(key), product.numpy().astype(np.float32))


def _in_pairs(vectors: torch.Tensor) -> Floats:
    return vectors.reshape(len(vectors), -1, 2).numpy().astype(np.float32)


def alibi(heads: int, length: int) -> tuple[Floats, Floats, Floats]:
    """Slopes (H,); bias of the last token against distance (H, T); weights where all other scores are equal (H, T)."""
    slopes = maths.alibi_slopes(heads)
    last = maths.alibi_bias(slopes, length)[:, -1]  # (H, T), from the first token to the last itself
    return slopes.numpy(), last.flip(-1).numpy(), maths.softmax(last).flip(-1).numpy()


def beyond(trained: int) -> Beyond:
    """What a model meets that was trained on `trained` positions and reads twice as many."""
    positions = torch.arange(2 * trained, dtype=torch.float64)
    quarter = torch.pi / 2 / trained  # so slow that all of training was a quarter of a turn
    slopes = maths.alibi_slopes(ALIBI_HEADS)
    return Beyond(
        trained=trained,
        positions=positions.numpy(),
        slow=torch.cos(positions * quarter).numpy(),
        degrees=torch.rad2deg(positions * quarter).numpy(),
        squeezed=torch.rad2deg(positions / 2 * quarter).numpy(),
        bias=(-slopes[ALIBI_HEAD - 1] * positions).numpy(),
    )
