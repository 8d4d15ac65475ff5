"""Filling gaps: what a gap's word may be, what two gaps may be together, and what a model is trained to say.

T tokens of a text, V words of the vocabulary, K words that may stand in a first gap.
Source: Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers" (2019), section 3.1.
"""

import torch
from torch import Tensor


def word_probabilities(logits: Tensor) -> Tensor:
    r"""$$ p(w_i = v \mid \tilde{w}) = \frac{e^{z_{iv}}}{\sum_{u=1}^{V} e^{z_{iu}}} $$"""
    powers = torch.exp(logits - logits.amax(dim=-1, keepdim=True))  # (..., V)
    return powers / powers.sum(dim=-1, keepdim=True)  # (..., V), each row sums to 1


def each_alone(first: Tensor, second: Tensor) -> Tensor:
    r"""$$ p_1(v)\; p_2(u) $$"""
    return first[:, None] * second[None, :]  # (K, 1) * (1, V) -> (K, V)


def one_after_the_other(first: Tensor, second_given_first: Tensor) -> Tensor:
    r"""$$ p_1(v)\; p_2(u \mid v) $$"""
    return first[:, None] * second_given_first  # (K, 1) * (K, V) -> (K, V)


def spoil(ids: Tensor, chosen: Tensor, fate: Tensor, strangers: Tensor, mask: int) -> Tensor:
    r"""$$ \tilde{w}_i = \begin{cases} \texttt{[MASK]} & u_i < 0.8 \\ r_i & 0.8 \le u_i < 0.9 \\ w_i & 0.9 \le u_i
    \end{cases} \qquad i \in M $$"""
    covered = chosen & (fate < 0.8)  # (T,)
    strange = chosen & (fate >= 0.8) & (fate < 0.9)  # (T,)
    read = torch.where(covered, mask, ids)  # (T,) eight in ten are covered
    return torch.where(strange, strangers, read)  # (T,) one in ten is strange, one stays


def losses(logits: Tensor, token_ids: Tensor) -> Tensor:
    r"""$$ \ell_i = -\log p(w_i \mid \tilde{w}) $$"""
    probs = word_probabilities(logits)  # (T, V)
    return -torch.log(probs.gather(-1, token_ids[:, None]))[:, 0]  # (T,) nats


def masked_loss(logits: Tensor, token_ids: Tensor, chosen: Tensor) -> Tensor:
    r"""$$ L = \frac{1}{|M|} \sum_{i \in M} \ell_i $$"""
    return losses(logits, token_ids)[chosen].mean()  # (T,) -> (|M|,) -> one number


def where_it_looks(row: Tensor, place: int) -> Tensor:
    r"""$$ \Bigl(\sum_{j < i} a_{ij},\;\; a_{ii},\;\; \sum_{j > i} a_{ij}\Bigr) $$"""
    left, itself, right = row.tensor_split((place, place + 1), dim=-1)  # (..., S) in three
    return torch.stack([part.sum(-1) for part in (left, itself, right)], dim=-1)  # (..., 3)
