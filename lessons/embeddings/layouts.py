"""Maps of a sample of words: PCA by maths.py, t-SNE by scikit-learn, and how much of the neighbourhood each keeps."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.embeddings import maths
from model_utils.types import Floats

NEIGHBOURS = 10
ROUNDS = 500  # of t-SNE: half of scikit-learn's own number, and the map stands still by then


@dataclass(frozen=True, eq=False)
class Layout:
    """Points of a map, and what it cost."""

    points: Floats  # (N, 2) or (N, 3)
    kept: float  # share of each word's nearest neighbours that are its nearest on the map too
    agreed: float  # rank correlation of all distances on the map with the true ones
    explained: float | None  # share of the variance along the axes; None where the map has none


def pca(directions: Floats, dims: int) -> Layout:
    """The directions, (N, C), along the axes in which they differ most."""
    points, shares = maths.principal_axes(torch.from_numpy(directions), dims)
    return _judged(directions, points.numpy(), float(shares.sum()))


def tsne(directions: Floats, dims: int, perplexity: int, seed: int) -> Layout:
    """scikit-learn's t-SNE from a random start: van der Maaten and Hinton (2008)."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    most = (len(directions) - 1) / 3  # a neighbourhood larger than that has no meaning
    with threadpool_limits(limits=1):  # one core for one learner's map
        points = TSNE(
            dims, perplexity=min(perplexity, most), init="random", random_state=seed, max_iter=ROUNDS, n_jobs=1
        ).fit_transform(directions)
    return _judged(directions, points.astype(np.float32), None)


def noise(shape: tuple[int, int], seed: int) -> Floats:
    """Directions with nothing in them: random numbers in the place of the rows. (N, C)."""
    return maths.unit(torch.randn(shape, generator=torch.Generator().manual_seed(seed))).numpy()


def nearest(vectors: Floats, count: int = NEIGHBOURS) -> NDArray[np.int64]:
    """The places of each row's nearest others by distance, (N, count)."""
    points = torch.from_numpy(np.ascontiguousarray(vectors, dtype=np.float32))
    distances = torch.cdist(points, points, compute_mode="donot_use_mm_for_euclid_dist").fill_diagonal_(torch.inf)
    return distances.topk(min(count, len(points) - 1), largest=False).indices.numpy()


def nearest_to(directions: Floats, place: int, count: int) -> NDArray[np.int64]:
    """The places of the nearest others to one word by cosine, (count,). directions: (N, C) of length 1."""
    cosines = torch.from_numpy(directions @ directions[place])  # (N,)
    cosines[place] = -torch.inf
    return cosines.topk(min(count, len(cosines) - 1)).indices.numpy()


def kept(before: Floats, after: Floats, count: int = NEIGHBOURS) -> float:
    """Share of the nearest neighbours before that are among as many nearest after; the mean over all words."""
    pairs = zip(nearest(before, count), nearest(after, count), strict=True)
    return float(np.mean([len(np.intersect1d(one, other)) / len(one) for one, other in pairs]))


def agreed(before: Floats, after: Floats) -> float:
    """Spearman's rank correlation of the distances of all pairs, before and after: 1 if their order is the same."""
    ranks = [torch.pdist(torch.from_numpy(points)).argsort().argsort().double() for points in (before, after)]
    return float(torch.corrcoef(torch.stack(ranks))[0, 1])


def _judged(before: Floats, after: Floats, explained: float | None) -> Layout:
    return Layout(after, kept(before, after), agreed(before, after), explained)
