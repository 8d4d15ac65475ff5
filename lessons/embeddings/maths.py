"""Vectors of words, one line of a formula at a time.

V vocabulary, C model width, T tokens, N words of a sample.
"""

import torch
from torch import Tensor


def one_hot(token_id: int, V: int) -> Tensor:
    r"""$$ x_v = \begin{cases} 1 & v = i \\ 0 & v \ne i \end{cases} $$"""
    x = torch.zeros(V)  # (V,)
    x[token_id] = 1.0
    return x


def picked_row(x: Tensor, W: Tensor) -> Tensor:
    r"""$$ e = x^\top W \qquad e_c = \sum_{v} x_v\, W_{vc} $$"""
    return x @ W  # (V,) @ (V, C) -> (C,)


def cosines(vector: Tensor, rows: Tensor) -> Tensor:
    r"""$$ \cos(a, b) = \frac{a \cdot b}{\lVert a \rVert\, \lVert b \rVert} $$"""
    lengths = rows.norm(dim=-1) * vector.norm()  # (V,)
    return (rows @ vector) / lengths.clamp_min(1e-12)  # (V, C) @ (C,) -> (V,)


def unit(vectors: Tensor) -> Tensor:
    r"""$$ \hat a = \frac{a}{\lVert a \rVert} $$"""
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-12)  # (..., C), each of length 1


def cosine_matrix(vectors: Tensor) -> Tensor:
    r"""$$ C_{ij} = \cos(a_i, a_j) = \hat a_i \cdot \hat a_j $$"""
    directions = unit(vectors)  # (T, C)
    return directions @ directions.mT  # (T, C) @ (C, T) -> (T, T)


def centred(vectors: Tensor) -> Tensor:
    r"""$$ a_i - \bar a, \qquad \bar a = \frac{1}{N} \sum_{n} a_n $$"""
    return vectors - vectors.mean(dim=-2, keepdim=True)  # (N, C) - (1, C)


def analogy(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    r"""$$ \hat a - \hat b + \hat c $$"""
    return unit(a) - unit(b) + unit(c)  # (C,)


def principal_axes(vectors: Tensor, count: int) -> tuple[Tensor, Tensor]:
    r"""$$ \frac{1}{N-1}\, X^\top X\, u_k = \lambda_k u_k, \qquad X = A - \bar a $$"""
    X = centred(vectors)  # (N, C)
    variances, axes = torch.linalg.eigh(X.mT @ X / (len(X) - 1))  # (C,), (C, C), the smallest first
    axes = axes[:, -count:].flip(1)  # (C, count), the widest first
    axes = axes * axes.gather(0, axes.abs().argmax(0, keepdim=True)).sign()  # an axis has no sign of its own: fix one
    return X @ axes, variances.flip(0)[:count] / variances.sum()  # (N, count), shares of the variance


def mean_pooled(states: Tensor) -> Tensor:
    r"""$$ s = \frac{1}{T} \sum_{t=1}^{T} h_t $$"""
    return states.mean(dim=-2)  # (T, C) -> (C,): every token counts the same


def rotation(C: int, seed: int) -> Tensor:
    r"""$$ R^\top R = I $$"""
    noise = torch.randn(C, C, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)  # (C, C)
    Q, upper = torch.linalg.qr(noise)  # Q has rows and columns of length 1, at right angles to each other
    return Q * upper.diagonal().sign()  # (C, C): with these signs every direction is equally likely


def rotated(vectors: Tensor, R: Tensor) -> Tensor:
    r"""$$ a' = a R, \qquad a' \cdot b' = a R R^\top b^\top = a \cdot b $$"""
    return vectors @ R  # (N, C) @ (C, C)


def separation(values: Tensor, members: Tensor) -> Tensor:
    r"""$$ P(v_m > v_o) + \tfrac12 P(v_m = v_o), \qquad m \text{ a member},\ o \text{ another word} $$"""
    inside, outside = values[members].unsqueeze(1), values[~members]  # (M, 1), (N - M,)
    return ((inside > outside).double() + (inside == outside).double() / 2).mean()  # 1: a clean cut; 0.5: chance
