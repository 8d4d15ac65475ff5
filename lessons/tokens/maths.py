"""Cutting text: byte pair encoding as it is learnt and used, and the two ways of cutting beside it.

Sources: Sennrich, Haddow and Birch (2016) for BPE over subwords; Schuster and Nakajima (2012) for WordPiece, cut by
longest match as in BERT; Kudo (2018) for the unigram model. V symbols or tokens, C model width.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

import regex
import torch
from torch import Tensor

Cut = tuple[str, ...]  # a word, cut into symbols
Cuts = dict[str, Cut]  # each distinct word as it is cut now
Pair = tuple[str, str]


def graphemes(text: str) -> list[str]:
    r"""$$ \text{text} = g_1 g_2 \dots g_n, \qquad g_i \text{: what a reader calls one character} $$"""
    return regex.findall(r"\X", text)  # n of them: one emoji, or a letter with its accents


def words(text: str) -> list[str]:
    r"""$$ \text{text} = w_1 w_2 \dots w_n, \qquad w_i \text{: a run of letters, or one sign} $$"""
    return [word for word in regex.findall(r"[\w\p{M}]+|\X", text) if not word.isspace()]


def utf8(text: str) -> list[int]:
    r"""$$ \text{text} = b_1 b_2 \dots b_n, \qquad 0 \le b_i < 256 $$"""
    return [*text.encode("utf-8")]  # one to four for each code point


def count_pairs(cuts: Cuts, occurrences: Mapping[str, int]) -> Counter[Pair]:
    r"""$$ c(a, b) = \sum_{w} n_w \cdot \#\{\, i : w_i = a,\ w_{i+1} = b \,\} $$"""
    counts = Counter()
    for word, cut in cuts.items():
        for pair in pairwise(cut):  # neighbours inside one word
            counts[pair] += occurrences[word]
    return counts


def best_pair(counts: Counter[Pair], age: Mapping[str, int]) -> Pair:
    r"""$$ (a^*, b^*) = \operatorname*{arg\,max}_{(a,\, b)} \; c(a, b) $$"""
    # Of equally frequent pairs, the one with the older parts.
    return min(counts, key=lambda pair: (-counts[pair], age[pair[0]], age[pair[1]]))


def join(cut: Cut, pair: Pair) -> Cut:
    r"""$$ \dots\, a^*\; b^* \dots \;\longrightarrow\; \dots\, a^*b^* \dots $$"""
    joined = []
    for symbol in cut:
        if joined and (joined[-1], symbol) == pair:
            joined[-1] += symbol
        else:
            joined.append(symbol)
    return tuple(joined)


def learn_merges(cuts: Cuts, occurrences: Mapping[str, int], size: int) -> Iterator[tuple[Pair, Counter]]:
    r"""$$ V \leftarrow V \cup \{a^*b^*\}, \qquad c(a^*, b^*) \ge 2 $$"""
    alphabet = sorted({symbol for cut in cuts.values() for symbol in cut})
    age = {symbol: place for place, symbol in enumerate(alphabet)}  # V symbols; age is the id
    while len(age) < size and (counts := count_pairs(cuts, occurrences)):
        pair = best_pair(counts, age)
        if counts[pair] < 2:  # a pair seen once is no pattern
            return
        cuts.update({word: join(cut, pair) for word, cut in cuts.items()})
        age.setdefault("".join(pair), len(age))
        yield pair, counts


def merged(word: str, merges: Iterable[Pair]) -> Cut:
    r"""$$ w \xrightarrow{\;1\;} \cdots \xrightarrow{\;n\;} t_1 t_2 \dots t_m $$"""
    cut = tuple(word)
    for pair in merges:  # in the order in which they were learnt
        cut = join(cut, pair)
    return cut


def longest_match(word: str, vocabulary: Collection[str]) -> Cut:
    r"""$$ t = \operatorname*{arg\,max}_{v \in V,\; w = v\,w'} \; |v|, \qquad w \leftarrow w' $$"""
    pieces = []
    while word:
        mark = "##" if pieces else ""  # what continues a word is another token
        fits = (n for n in range(len(word), 0, -1) if mark + word[:n] in vocabulary)
        n = next(fits, None)
        if n is None:
            return ("[UNK]",)
        pieces.append(mark + word[:n])
        word = word[n:]
    return tuple(pieces)


def likeliest_cut(word: str, log_p: Mapping[str, float]) -> tuple[float, Cut]:
    r"""$$ \max_{t_1 t_2 \cdots t_n = w} \; \sum_{k=1}^{n} \log p(t_k) $$"""
    best = [(0.0, ())]  # of each beginning of the word: log p of its likeliest cut, and the cut
    for end in range(1, len(word) + 1):
        last = [(start, word[start:end]) for start in range(end) if word[start:end] in log_p]
        cuts = [(best[start][0] + log_p[piece], (*best[start][1], piece)) for start, piece in last]
        best.append(max(cuts, default=(float("-inf"), ())))
    return best[-1]


def moved_rows(table: Tensor, new_ids: Tensor) -> Tensor:
    r"""$$ E'_{\pi(i)} = E_i $$"""
    moved = torch.empty_like(table)  # (V, C)
    moved[new_ids] = table  # row i goes to where its token's new id points
    return moved
