"""Decoding, one strategy at a time: logits in, logits with less in them, or a token, out.

V vocabulary, T tokens so far, N beams. K is what is kept; a logit of minus infinity is a token cut away.
Sources: Fan et al., "Hierarchical Neural Story Generation" (2018), top-k; Holtzman et al., "The Curious Case of Neural
Text Degeneration" (2019), top-p; Nguyen et al., "Turning Up the Heat: Min-p Sampling" (2024); Keskar et al., "CTRL"
(2019), the repetition penalty; Wu et al., "Google's Neural Machine Translation System" (2016), beams and length.
"""

import math

import torch
from torch import Tensor


def greedy(logits: Tensor) -> int:
    r"""$$ y_t = \arg\max_i \, z_i $$"""
    return int(logits.argmax())  # (V,) -> one token


def draw(logits: Tensor, luck: float) -> int:
    r"""$$ \begin{aligned} y_t &= (n), \quad p_{(1)} \ge p_{(2)} \ge \dots \\
    n &= \min \{\, m : p_{(1)} + \dots + p_{(m)} > u \,\} \end{aligned} $$"""
    probs, order = torch.softmax(logits, dim=-1).sort(descending=True, stable=True)  # (V,) likeliest first
    reached = probs.cumsum(dim=-1) > luck  # (V,)
    last = int((probs > 0).sum()) - 1  # rounding may leave the sum a little below 1
    return int(order[min(int((~reached).sum()), last)])


def tempered(logits: Tensor, temperature: float) -> Tensor:
    r"""$$ p_i = \frac{e^{z_i / \tau}}{\sum_j e^{z_j / \tau}} $$"""
    return logits / temperature  # (V,)


def top_k(logits: Tensor, k: int) -> Tensor:
    r"""$$ K = \{\, i : z_i \ge z_{(k)} \,\}, \qquad z_{(1)} \ge z_{(2)} \ge \dots $$"""
    smallest = logits.topk(min(k, len(logits))).values[-1]  # ()
    return logits.masked_fill(logits < smallest, -math.inf)  # (V,)


def top_p(logits: Tensor, p: float) -> Tensor:
    r"""$$ \begin{aligned} K &= \{ (1), \dots, (n) \} \\
    n &= \min \{\, m : p_{(1)} + \dots + p_{(m)} \ge p \,\} \end{aligned} $$"""
    ascending, order = logits.sort()  # (V,) twice, unlikeliest first
    cut = torch.softmax(ascending, dim=-1).cumsum(dim=-1) <= 1 - p  # (V,): as much as may go, from below
    cut[-1] = False  # the likeliest always stays
    return logits.index_fill(0, order[cut], -math.inf)  # (V,)


def min_p(logits: Tensor, share: float) -> Tensor:
    r"""$$ K = \{\, i : p_i \ge m \cdot \max_j p_j \,\} $$"""
    probs = torch.softmax(logits, dim=-1)  # (V,)
    return logits.masked_fill(probs < share * probs.max(), -math.inf)  # (V,)


def repetition_penalty(logits: Tensor, ids: Tensor, penalty: float) -> Tensor:
    r"""$$ i \in \{ y_1, \dots, y_{t-1} \}: \quad
    z_i \leftarrow \begin{cases} z_i / r & z_i > 0 \\ z_i \cdot r & z_i \le 0 \end{cases} $$"""
    seen = ids.unique()  # (at most T,)
    before = logits[seen]
    after = torch.where(before > 0, before / penalty, before * penalty)  # less likely in both cases
    return logits.index_put((seen,), after)  # (V,)


def no_repeat_ngram(logits: Tensor, ids: Tensor, n: int) -> Tensor:
    r"""$$ \begin{aligned} K = \{\, i : \; & (y_{t-n+1}, \dots, y_{t-1}, i) \\
    & \ne (y_{s-n+1}, \dots, y_s) \;\; \forall s < t \,\} \end{aligned} $$"""
    if len(ids) < n:
        return logits
    ngrams = ids.unfold(0, n, 1)  # (T - n + 1, n): every run of n tokens so far
    beginning = ids[len(ids) - n + 1 :]  # (n - 1,): how a new one would begin
    repeats = (ngrams[:, :-1] == beginning).all(dim=1)  # (T - n + 1,)
    return logits.index_fill(0, ngrams[repeats, -1], -math.inf)  # (V,)


def beam_step(log_probs: Tensor, totals: Tensor, n: int) -> tuple[Tensor, Tensor, Tensor]:
    r"""$$ \begin{aligned} \log p(y_1 \dots y_t) &= \log p(y_1 \dots y_{t-1}) \\
    & + \log p(y_t \mid y_1 \dots y_{t-1}) \end{aligned} $$"""
    sums = totals[:, None] + log_probs  # (N, V): every beam, gone on with every token
    best = sums.flatten().topk(min(n, sums.numel()))  # (n,): the best of all of them together
    vocabulary = log_probs.shape[1]
    return best.indices // vocabulary, best.indices % vocabulary, best.values  # whose child, which token, its sum


def length_penalised(log_probability: float, length: int, alpha: float) -> float:
    r"""$$ s(y) = \frac{\log p(y)}{T^{\alpha}} $$"""
    return log_probability / length**alpha


def multiplications(layers: int, width: int, vocabulary: int, new: int, seen: int) -> int:
    r"""$$ L \left( 12\, C^2\, t + 2\, C\, t\, s \right) + C V $$"""
    tables = 12 * width**2 * new  # queries, keys, values, output: 4 C^2; the MLP: 8 C^2; for each of t new tokens
    looks = 2 * width * new * seen  # each looks at all s: dot products, then the weighted sum
    return layers * (tables + looks) + width * vocabulary  # and one reading out over the vocabulary
