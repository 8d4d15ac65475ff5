"""Masks: which token may look at which, and what that does to the softmax.

B sentences of a batch, T query tokens, S key tokens, V words of the vocabulary. A leading H (heads) may ride along.
Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.3.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def causal_mask(T: int) -> Tensor:
    r"""$$ m_{ij} = \begin{cases} 1 & j \le i \\ 0 & j > i \end{cases} $$"""
    place = torch.arange(T)  # (T,)
    return place[None, :] <= place[:, None]  # (1, T) <= (T, 1) -> (T, T)


def padding_mask(lengths: Tensor, S: int) -> Tensor:
    r"""$$ m_{bj} = \begin{cases} 1 & j < n_b \\ 0 & j \ge n_b \end{cases} $$"""
    place = torch.arange(S)  # (S,)
    return place[None, :] < lengths[:, None]  # (1, S) < (B, 1) -> (B, S): True where a real word stands


def apply_mask(scores: Tensor, visible: Tensor) -> Tensor:
    r"""$$ \tilde{s}_{ij} = \begin{cases} s_{ij} & m_{ij} = 1 \\ -\infty & m_{ij} = 0 \end{cases} $$"""
    return scores.masked_fill(~visible, -math.inf)  # (T, S)


def masked_softmax(scores: Tensor, visible: Tensor) -> Tensor:
    r"""$$ a_{ij} = \frac{m_{ij}\, e^{s_{ij}}}{\sum_{k} m_{ik}\, e^{s_{ik}}} $$"""
    hidden = apply_mask(scores, visible)  # (T, S)
    powers = torch.exp(hidden - hidden.amax(dim=-1, keepdim=True))  # (T, S), and e^(-inf) is exactly 0
    return powers / powers.sum(dim=-1, keepdim=True)  # (T, S), each row sums to 1


def position_ids(real: Tensor) -> Tensor:
    r"""$$ p_{bj} = \max\Bigl(0,\; \sum_{k \le j} m_{bk} - 1\Bigr) $$"""
    return (real.long().cumsum(dim=-1) - 1).clamp(min=0)  # (B, S): the first real word stands at place 0


def next_word_losses(logits: Tensor, token_ids: Tensor) -> Tensor:
    r"""$$ \ell_i = -\log p(w_{i+1} \mid w_1, \dots, w_i) $$"""
    return F.cross_entropy(logits[:-1], token_ids[1:], reduction="none")  # (T, V), (T,) -> (T-1,) nats


def relative_change(states: Tensor, reference: Tensor) -> Tensor:
    r"""$$ \frac{\lVert h'_i - h_i \rVert}{\lVert h_i \rVert} $$"""
    return (states - reference).norm(dim=-1) / reference.norm(dim=-1)  # (T, C), (T, C) -> (T,)
