"""Counting words, one line of a formula at a time; then a hidden Markov model.

A text is a sequence of words that ends with END; END also stands before its first word. A table holds counts: context
-> word -> how often. w word, h history (context), V words of the vocabulary, T words of a text, K hidden states.
The hidden Markov model takes arrays: (T, K), or (T, N, K) for N texts side by side; a place that holds no word emits 1.
Sources: Chen and Goodman 1999, sections 2 and 3; Rabiner 1989, section III.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from model_utils.meadow import END

Floats = NDArray[np.float64]
Words = Sequence[str]
Context = tuple[str, ...]
Table = Mapping[Context, Mapping[str, int]]
TINY = 1e-12


def ngrams(words: Words, n: int) -> list[Context]:
    r"""$$ (w_{t-n+1}, \dots, w_t), \qquad t = 1, \dots, T $$"""
    padded = [END] * (n - 1) + list(words)
    return [tuple(padded[t : t + n]) for t in range(len(words))]


def count(texts: Sequence[Words], n: int) -> Table:
    r"""$$ c(h\,w) $$"""
    table: Table = defaultdict(Counter)
    for words in texts:
        for *context, word in ngrams(words, n):
            table[tuple(context)][word] += 1
    return dict(table)


def most_likely(counts: Floats) -> Floats:
    r"""$$ P(w \mid h) = \frac{c(h\,w)}{\sum_{v} c(h\,v)} $$"""
    return counts / max(counts.sum(), 1)  # (V,) / (): all 0 where the history was never seen


def add_k(counts: Floats, k: float) -> Floats:
    r"""$$ P(w \mid h) = \frac{c(h\,w) + k}{\sum_{v} c(h\,v) + k\,V} $$"""
    return (counts + k) / (counts + k).sum()  # (V,)


def log_likelihood(counts: Floats, probs: Floats) -> float:
    r"""$$ \log_2 L = \sum_{w} c(h\,w)\, \log_2 P(w \mid h) $$"""
    seen = counts > 0  # (V,): what never came adds nothing
    return float(counts[seen] @ np.log2(probs[seen]))


def moved(probs: Floats, word: int, to: float) -> Floats:
    r"""$$ P'(w) = p, \qquad P'(v) = P(v)\,\frac{1 - p}{1 - P(w)} \quad (v \neq w) $$"""
    others = probs * (1 - to) / (1 - probs[word])  # (V,)
    others[word] = to
    return others  # (V,), sums to 1


def continuations(longer: Table) -> Table:
    r"""$$ \hat{c}(h\,w) = \bigl|\{\, u : c(u\,h\,w) > 0 \,\}\bigr| $$"""
    table: Table = defaultdict(Counter)
    for (_, *context), followers in longer.items():
        for word, times in followers.items():  # before the first word stands END alone: the plain count stays
            table[tuple(context)][word] += times if context[:1] == [END] else 1
    return dict(table)


def discounts(table: Table) -> Floats:
    r"""$$ Y = \frac{n_1}{n_1 + 2 n_2} $$ $$ D_c = c - (c + 1)\, Y\, \frac{n_{c+1}}{n_c} \quad (c = 1, 2, 3) $$"""
    found = [times for followers in table.values() for times in followers.values()]
    n = Counter(found)  # n[c]: how many n-grams came c times
    y = n[1] / max(1, n[1] + 2 * n[2])
    taken = [c - (c + 1) * y * n[c + 1] / max(1, n[c]) for c in (1, 2, 3)]
    return np.clip([0.0, *taken], 0, [0, 1, 2, 3])  # (4,): D of a count of 0, 1, 2, 3 and more


def kneser_ney(tables: Sequence[Table], D: Sequence[Floats], h: Context, vocabulary: Words) -> Floats:
    r"""$$ P(w \mid h) = \frac{\hat{c}(h\,w) - D}{\sum_{v} \hat{c}(h\,v)} + \gamma(h)\, P(w \mid h') $$"""
    shorter = np.full(len(vocabulary), 1 / len(vocabulary))  # (V,): at the bottom all are equal
    if h:
        shorter = kneser_ney(tables, D, h[1:], vocabulary)  # (V,): h' lacks the first word of h
    followers = tables[len(h)].get(h)
    if followers is None:  # the history was never seen
        return shorter
    counts = np.array([followers.get(word, 0) for word in vocabulary])  # (V,)
    taken = D[len(h)][np.minimum(counts, 3)]  # (V,): D of each count; gamma is their share
    return (counts - taken + taken.sum() * shorter) / counts.sum()  # (V,)


def surprise(probs: Floats) -> Floats:
    r"""$$ s_t = -\log_2 P(w_t \mid h_t) $$"""
    with np.errstate(divide="ignore"):
        return 0 - np.log2(probs)  # (T,), in bits; infinite where P = 0


def perplexity(surprises: Floats) -> float:
    r"""$$ \operatorname{PP} = 2^{\frac{1}{T} \sum_{t=1}^{T} s_t} $$"""
    return float(2 ** np.mean(surprises))


def forward(pi: Floats, A: Floats, emitted: Floats) -> tuple[Floats, Floats]:
    r"""$$ \alpha_t(j) = \frac{1}{P_t} \Bigl[ \sum_{i} \alpha_{t-1}(i)\, a_{ij} \Bigr] b_j(w_t) $$"""
    alphas, probs = [], []
    for t, b in enumerate(emitted):  # b: (..., K), the probability of word t in each state
        joint = (alphas[-1] @ A if t else pi) * b  # (..., K)
        probs.append(joint.sum(axis=-1, keepdims=True))  # (..., 1): P of word t, given those before
        alphas.append(joint / probs[-1])  # (..., K): P of each state, given the words so far
    return np.array(alphas), np.array(probs)[..., 0]  # (T, ..., K), (T, ...)


def backward(A: Floats, emitted: Floats, probs: Floats) -> Floats:
    r"""$$ \beta_t(i) = \frac{1}{P_{t+1}} \sum_{j} a_{ij}\, b_j(w_{t+1})\, \beta_{t+1}(j), \qquad \beta_T(i) = 1 $$"""
    betas = [np.ones_like(emitted[-1])]  # (..., K)
    for b, p in zip(emitted[:0:-1], probs[:0:-1], strict=True):
        betas.append((b * betas[-1]) @ A.T / p[..., None])  # (..., K)
    return np.array(betas[::-1])  # (T, ..., K)


def viterbi(log_pi: Floats, log_A: Floats, log_emitted: Floats) -> tuple[Floats, NDArray[np.int64]]:
    r"""$$ \log \delta_t(j) = \max_{i} \bigl[ \log \delta_{t-1}(i) + \log a_{ij} \bigr] + \log b_j(w_t) $$"""
    delta, came_from = [log_pi + log_emitted[0]], [np.full(len(log_pi), -1)]  # (K,) each
    for log_b in log_emitted[1:]:
        ways = delta[-1][:, None] + log_A  # (K, K): from i to j
        came_from.append(ways.argmax(axis=0))
        delta.append(ways.max(axis=0) + log_b)
    return np.array(delta), np.array(came_from)  # (T, K) each


def best_path(delta: Floats, came_from: NDArray[np.int64]) -> list[int]:
    r"""$$ q_T = \arg\max_{j} \delta_T(j), \qquad q_{t-1} = \psi_t(q_t) $$"""
    path = [int(delta[-1].argmax())]
    for back in came_from[:0:-1]:
        path.append(int(back[path[-1]]))
    return path[::-1]  # T states


def expected(
    A: Floats, emitted: Floats, real: NDArray[np.bool_], alpha: Floats, beta: Floats, probs: Floats
) -> tuple[Floats, Floats]:
    r"""$$ \gamma_t(i) = \alpha_t(i)\, \beta_t(i) $$
    $$ \xi_t(i,j) = \alpha_{t-1}(i)\, a_{ij}\, \frac{b_j(w_t)\, \beta_t(j)}{P_t} $$"""
    gamma = alpha * beta  # (T, N, K): how likely each state is at each place
    arrival = emitted[1:] * beta[1:] / probs[1:, :, None] * real[1:, :, None]  # (T-1, N, K): 0 where a text is over
    K = len(A)
    xi = A * (alpha[:-1].reshape(-1, K).T @ arrival.reshape(-1, K))  # (K, K), summed over all places and texts
    return gamma, xi


def reestimated(first: Floats, xi: Floats, gamma: Floats, words: NDArray[np.int64], V: int) -> tuple[Floats, ...]:
    r"""$$ \pi_i = \gamma_1(i), \qquad a_{ij} = \frac{\sum_t \xi_t(i,j)}{\sum_{t,k} \xi_t(i,k)} $$
    $$ b_i(w) = \frac{\sum_{t:\, w_t = w} \gamma_t(i)}{\sum_{t} \gamma_t(i)} $$"""
    spoken = np.array([np.bincount(words, weights=share, minlength=V) for share in gamma.T])  # (K, V)
    spoken = TINY + spoken
    xi = TINY + xi  # (K, K): a state that is never left, or never entered, stays even
    pi = first.mean(axis=0)  # (N, K) -> (K,): over all texts
    A = xi / xi.sum(axis=1, keepdims=True)  # (K, K)
    B = spoken / spoken.sum(axis=1, keepdims=True)  # (K, V)
    return pi, A, B
