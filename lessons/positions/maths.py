"""How a model is told where a token stands, one line of each formula at a time.

P positions, T query tokens, C width of a vector, H heads. Coordinates 2i and 2i + 1 are one pair.
Sources: Vaswani et al. 2017, section 3.5 (sinusoids); Su et al. 2021 (RoPE); Press et al. 2021 (ALiBi).
"""

import torch
from torch import Tensor


def angles(positions: Tensor, width: int, base: float) -> Tensor:
    r"""$$ \theta_{p,i} = \frac{p}{b^{\,2i/d}}, \qquad i = 0, \dots, \tfrac{d}{2} - 1 $$"""
    doubled = torch.arange(0, width, 2, dtype=torch.float64)  # (C/2,): 2i = 0, 2, 4 ...
    frequencies = base ** (-doubled / width)  # (C/2,): the turn from one position to the next
    return positions[:, None] * frequencies  # (P, 1) * (C/2,) -> (P, C/2)


def sinusoidal(angles: Tensor) -> Tensor:
    r"""$$ PE_{p,\,2i} = \sin\theta_{p,i}, \qquad PE_{p,\,2i+1} = \cos\theta_{p,i} $$"""
    pairs = torch.stack((angles.sin(), angles.cos()), dim=-1)  # (P, C/2, 2): side by side, never added
    return pairs.flatten(-2)  # (P, C)


def turned(vectors: Tensor, angles: Tensor) -> Tensor:
    r"""$$ \begin{pmatrix} x' \\ y' \end{pmatrix} = \begin{pmatrix} \cos\theta & -\sin\theta \\
    \sin\theta & \cos\theta \end{pmatrix} \begin{pmatrix} x \\ y \end{pmatrix} $$"""
    x, y = vectors[..., 0::2], vectors[..., 1::2]  # (P, C/2) each: the two coordinates of every pair
    cos, sin = angles.cos(), angles.sin()  # (P, C/2)
    pairs = torch.stack((x * cos - y * sin, x * sin + y * cos), dim=-1)  # (P, C/2, 2)
    return pairs.flatten(-2)  # (P, C)


def alibi_slopes(heads: int) -> Tensor:
    r"""$$ m_h = 2^{-8h/H}, \qquad h = 1, \dots, H $$"""
    return 2.0 ** (-8 * torch.arange(1, heads + 1, dtype=torch.float64) / heads)  # (H,)


def alibi_bias(slopes: Tensor, length: int) -> Tensor:
    r"""$$ s_{ij} \leftarrow s_{ij} - m_h\,(i - j) $$"""
    places = torch.arange(length)
    distances = places[:, None] - places[None, :]  # (T, T): i - j
    return -slopes[:, None, None] * distances  # (H, 1, 1) * (T, T) -> (H, T, T)


def products(left: Tensor, right: Tensor) -> Tensor:
    r"""$$ (X Y^\top)_{mn} = x_m \cdot y_n $$"""
    return left @ right.mT  # (P, C) @ (C, P) -> (P, P)


def cosines(table: Tensor) -> Tensor:
    r"""$$ \cos(x_m, x_n) = \frac{x_m \cdot x_n}{\lVert x_m \rVert\, \lVert x_n \rVert} $$"""
    unit = table / table.norm(dim=-1, keepdim=True).clamp_min(1e-12)  # (P, C), each row of length 1
    return products(unit, unit)  # (P, P)


def principal(table: Tensor, count: int) -> tuple[Tensor, Tensor]:
    r"""$$ X - \bar{X} = U S V^\top, \qquad Z = (X - \bar{X})\, V $$"""
    centred = table - table.mean(dim=0)  # (P, C)
    _, spread, directions = torch.linalg.svd(centred, full_matrices=False)  # (C,), (C, C)
    shares = spread**2 / (spread**2).sum()  # what part of all variance lies along each direction
    return centred @ directions[:count].mT, shares[:count]  # (P, count), (count,)


def softmax(scores: Tensor) -> Tensor:
    r"""$$ a_{ij} = \frac{e^{s_{ij}}}{\sum_{m} e^{s_{im}}} $$"""
    powers = torch.exp(scores - scores.amax(dim=-1, keepdim=True))  # (T, S), none of them too large
    return powers / powers.sum(dim=-1, keepdim=True)  # (T, S)
