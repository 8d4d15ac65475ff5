"""One word in several sentences, layer by layer; whole sentences; rotated spaces: asked of runs and rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from lessons.embeddings import GROUPS, maths
from lessons.embeddings.table import Sample
from model_utils.types import Floats, Trace

FEWEST = 12  # words of a group: half of them find a direction, the other half judge it


@dataclass(frozen=True, eq=False)
class Rotated:
    """Rows before and after a rotation of the space, with their cosines. N words."""

    before: Floats  # (N, C)
    after: Floats  # (N, C)
    cosines_before: Floats  # (N, N)
    cosines_after: Floats  # (N, N)

    @property
    def moved(self) -> float:
        """The largest change of any coordinate."""
        return float(np.abs(self.after - self.before).max())

    @property
    def turned(self) -> float:
        """The largest change of any cosine."""
        return float(np.abs(self.cosines_after - self.cosines_before).max())


def states_of(run: Trace, word: str) -> Floats | None:
    """The state of a word at each layer, (L+1, C), the mean of its tokens; None where the text has no such word."""
    start = run.text.casefold().find(word.casefold().strip())
    end = start + len(word.strip())
    inside = [place for place, (first, last) in enumerate(run.spans) if first < end and last > start and first < last]
    return run.hidden_states[:, inside].mean(axis=1) if word.strip() and start >= 0 and inside else None


def by_layer(states: Sequence[Floats]) -> Floats:
    """Cosines of the first sentence's word to the others', at each layer: (others, L+1)."""
    pairs = torch.stack([torch.from_numpy(each) for each in states], dim=1)  # (L+1, sentences, C)
    return maths.cosine_matrix(pairs)[:, 0, 1:].mT.numpy()


def cosines_at(run: Trace, layer: int) -> Floats:
    """Cosines of all tokens of a run with each other at one layer, (T, T); a shallower model gives its last."""
    return maths.cosine_matrix(torch.from_numpy(run.hidden_states[min(layer, len(run.hidden_states) - 1)])).numpy()


def beside(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Names of places where two texts of one length stand: both tokens where they differ."""
    return [one if one == other else f"{one}|{other.strip()}" for one, other in zip(first, second, strict=True)]


def sentence_vectors(runs: Sequence[Trace]) -> Floats:
    """One vector a sentence, (N, C): the mean of its last states, as all-MiniLM-L6-v2 was trained to be used."""
    return torch.stack([maths.mean_pooled(torch.from_numpy(run.hidden_states[-1])) for run in runs]).numpy()


def similarities(runs: Sequence[Trace]) -> Floats:
    """Cosines of sentences, (N, N)."""
    return maths.cosine_matrix(torch.from_numpy(sentence_vectors(runs))).numpy()


def turned(rows: Floats, seed: int | None) -> Rotated:
    """Rows (N, C) in a space rotated at random; seed None: not rotated."""
    before = torch.from_numpy(rows).double()
    after = before if seed is None else maths.rotated(before, turn(rows.shape[-1], seed))
    return Rotated(*(part.float().numpy() for part in (before, after)),
                   *(maths.cosine_matrix(part).numpy() for part in (before, after)))  # fmt: skip


@lru_cache(maxsize=8)
def turn(C: int, seed: int) -> torch.Tensor:
    """A random rotation of C dimensions; drawn once, and never changed."""
    return maths.rotation(C, seed)


def separations(found: Sample, rows: Floats) -> dict[str, tuple[float, float]]:
    """For each group: how well its best coordinate, and its best direction, part it from all other words.

    Both are chosen on every other word and judged on the rest. rows: (N, C), those of the sample or rotated ones.
    """
    vectors, chosen = torch.from_numpy(rows).double(), torch.arange(len(rows)) % 2 == 0  # (N, C), (N,)
    parted = {}
    for group in GROUPS[:-1]:
        members = torch.tensor([name == group for name in found.groups])
        if members.sum() >= FEWEST:
            parted[group] = _judged(vectors, members, chosen)
    return parted


def _judged(vectors: torch.Tensor, members: torch.Tensor, chosen: torch.Tensor) -> tuple[float, float]:
    known, inside = vectors[chosen], members[chosen]
    direction = known[inside].mean(dim=0) - known[~inside].mean(dim=0)  # (C,)
    single = torch.stack([maths.separation(column, inside) for column in known.unbind(dim=1)]) - 0.5  # (C,)
    best = int(single.abs().argmax())
    rest, judged = vectors[~chosen], members[~chosen]
    along = rest[:, best] * single[best].sign()  # a coordinate may tell a group by being small
    return maths.separation(along, judged).item(), maths.separation(rest @ direction, judged).item()
