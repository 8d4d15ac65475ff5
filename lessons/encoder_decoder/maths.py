"""What an encoder-decoder adds: who may look at whom, cross-attention, its alignment, the loss of a given target.

S tokens of the source, T (or N) tokens of the target, D head width, V vocabulary. A leading H (heads) may ride along.
Sources: Bahdanau, Cho, Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate" (2015);
Vaswani et al., "Attention Is All You Need" (2017), section 3.2.3.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def who_sees_whom(S: int, T: int) -> Tensor:
    r"""$$ M = \begin{pmatrix} \mathbf{1}_{S \times S} & \mathbf{0}_{S \times T} \\
    \mathbf{1}_{T \times S} & \text{causal}_{T \times T} \end{pmatrix} $$"""
    visible = torch.zeros(S + T, S + T, dtype=torch.bool)  # (S+T, S+T), rows look at columns
    visible[:, :S] = True  # everybody sees the whole source
    visible[S:, S:] = torch.ones(T, T).tril().bool()  # the target sees itself, up to here
    return visible  # and the source never sees the target


def cross_weights(queries: Tensor, keys: Tensor, scaling: float) -> Tensor:
    r"""$$ a_{ts} = \frac{e^{\, q_t \cdot k_s / \sqrt{d}}}{\sum_{m=1}^{S} e^{\, q_t \cdot k_m / \sqrt{d}}} $$"""
    scores = queries @ keys.mT * scaling  # (T, D) @ (D, S) -> (T, S): the decoder asks, the encoder is asked
    powers = torch.exp(scores - scores.amax(dim=-1, keepdim=True))  # (T, S)
    return powers / powers.sum(dim=-1, keepdim=True)  # (T, S): no mask, each row sums to 1


def alignment_error(weights: Tensor, links: Tensor) -> Tensor:
    r"""$$ \varepsilon = \frac{1}{N} \sum_{t=1}^{N} \bigl[\, \arg\max_s a_{ts} \notin \text{gold}(t) \,\bigr] $$"""
    known = links.any(dim=-1)  # (T,): words of the target that have a gold partner
    looked_at = weights[..., known, :].argmax(dim=-1)  # (H, N): the word of the source that gets most
    right = links[known].gather(1, looked_at.reshape(-1, int(known.sum())).mT)  # (N, H)
    return 1 - right.float().mean(dim=0).reshape(weights.shape[:-2])  # (H,)


def target_losses(logits: Tensor, target_ids: Tensor) -> Tensor:
    r"""$$ \ell_t = -\log p(y_t \mid y_1, \dots, y_{t-1};\; x) $$"""
    return F.cross_entropy(logits, target_ids, reduction="none")  # (T, V), (T,) -> (T,) nats
