"""Attention, one line of its formula at a time.

T query tokens, S key tokens, C model width, D head width. A leading H (heads) may ride along in every function.
Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1.
"""

import math

import torch
from torch import Tensor

WIDEST = 512  # coordinates of a random vector, of which the first D are used


def projections(states: Tensor, W: tuple[Tensor, ...], b: tuple[Tensor, ...]) -> tuple[Tensor, Tensor, Tensor]:
    r"""$$ Q = H W_Q + b_Q \qquad K = H W_K + b_K \qquad V = H W_V + b_V $$"""
    queries = states @ W[0] + b[0]  # (T, C) @ (C, D) -> (T, D)
    keys = states @ W[1] + b[1]  # (T, C) @ (C, D) -> (T, D)
    values = states @ W[2] + b[2]  # (T, C) @ (C, D) -> (T, D)
    return queries, keys, values


def dot_products(queries: Tensor, keys: Tensor) -> Tensor:
    r"""$$ (Q K^\top)_{ij} = q_i \cdot k_j = \sum_{c=1}^{d} q_{ic}\, k_{jc} $$"""
    return queries @ keys.mT  # (T, D) @ (D, S) -> (T, S)


def scaled(products: Tensor, head_width: int) -> Tensor:
    r"""$$ s_{ij} = \frac{q_i \cdot k_j}{\sqrt{d}} $$"""
    return products / math.sqrt(head_width)  # (T, S)


def softmax(scores: Tensor) -> Tensor:
    r"""$$ a_{ij} = \frac{e^{s_{ij}}}{\sum_{m} e^{s_{im}}} $$"""
    largest = scores.amax(dim=-1, keepdim=True)  # (T, 1), so that no power overflows
    powers = torch.exp(scores - largest)  # (T, S)
    return powers / powers.sum(dim=-1, keepdim=True)  # (T, S), each row sums to 1


def attention_weights(queries: Tensor, keys: Tensor, visible: Tensor | None = None) -> Tensor:
    r"""$$ A = \operatorname{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) $$"""
    scores = scaled(dot_products(queries, keys), head_width=queries.shape[-1])  # (T, S)
    if visible is not None:
        scores = scores.masked_fill(~visible, -math.inf)  # (T, S): what may not be seen gets weight 0
    return softmax(scores)  # (T, S)


def weighted_sum(weights: Tensor, values: Tensor) -> Tensor:
    r"""$$ o_i = \sum_{j} a_{ij}\, v_j $$"""
    return weights @ values  # (T, S) @ (S, D) -> (T, D)


def row_entropy(weights: Tensor) -> Tensor:
    r"""$$ \mathcal{H}_i = -\sum_{j} a_{ij} \log_2 a_{ij} $$"""
    surprise = -torch.log2(weights.clamp_min(1e-30))  # (T, S), in bits; a weight of 0 adds 0, as its limit does
    return (weights * surprise).sum(dim=-1)  # (T,)


def responsiveness(weights: Tensor) -> Tensor:
    r"""$$ \sum_{j} \frac{\partial a_{ij}}{\partial s_{ij}} = \sum_{j} a_{ij}\,(1 - a_{ij}) $$"""
    return (weights * (1 - weights)).sum(dim=-1)  # (T,): how far the weights still move when their scores do


def contributions(weights: Tensor, values: Tensor) -> Tensor:
    r"""$$ \lVert a_{ij}\, v_j \rVert = a_{ij}\, \lVert v_j \rVert $$"""
    return weights * values.norm(dim=-1).unsqueeze(-2)  # (T, S) * (1, S) -> (T, S)


def asymmetry(scores: Tensor) -> Tensor:
    r"""$$ s_{ij} - s_{ji} = \frac{q_i \cdot k_j - q_j \cdot k_i}{\sqrt{d}} $$"""
    return scores - scores.mT  # (T, T) - (T, T)


def random_vectors(count: int, width: int, seed: int) -> Tensor:
    r"""$$ x_{nc} \sim \mathcal{N}(0, 1) $$"""
    widest = torch.randn(count, WIDEST, generator=torch.Generator().manual_seed(seed))  # (N, WIDEST)
    return widest[:, :width]  # (N, D): more coordinates of the same vectors, not other vectors
