"""What a head looks at, what it hands over, and how heads are put together.

T query tokens, S key tokens, C model width, H heads, D head width, L layers. Sources: Elhage et al. 2021 (heads add
up), Olsson et al. 2022 (induction), Kobayashi et al. 2020 (lengths), Abnar and Zuidema 2020 (rollout).
"""

import torch
from torch import Tensor


def previous_cells(token_ids: Tensor) -> Tensor:
    r"""$$ M_i = \{\, i-1 \,\} \qquad i \ge 2 $$"""
    place = torch.arange(len(token_ids))  # (T,)
    one_before = place[None, :] == place[:, None] - 1  # (T, T)
    return one_before & (place[:, None] >= 2)  # (T, T): the word before place 1 is also the first one


def first_cells(token_ids: Tensor) -> Tensor:
    r"""$$ M_i = \{\, 0 \,\} \qquad i \ge 1 $$"""
    place = torch.arange(len(token_ids))  # (T,)
    return (place[None, :] == 0) & (place[:, None] >= 1)  # (T, T)


def same_cells(token_ids: Tensor) -> Tensor:
    r"""$$ M_i = \{\, j < i : x_j = x_i \,\} $$"""
    equal = token_ids[:, None] == token_ids[None, :]  # (T, T)
    return equal.tril(-1)  # (T, T): earlier copies only


def induction_cells(token_ids: Tensor) -> Tensor:
    r"""$$ \begin{gathered} M_i = \{\, c_i + 1 \,\} \\ c_i = \max \{\, j < i : x_j = x_i \,\} \end{gathered} $$"""
    copies = same_cells(token_ids)  # (T, T)
    later = copies.flip(-1).cumsum(-1).flip(-1)  # (T, T): how many copies stand here or to the right
    last = copies & (later == 1)  # (T, T): the last copy, at most one a row
    return last.roll(1, dims=-1).tril(-1)  # (T, T): the word after it, as long as that is not the word itself


def verse_cells(line: Tensor, place: Tensor, ahead: int) -> Tensor:
    r"""$$ M_i = \{\, j : \ell_j = \ell_i - 1,\ p_j = p_i + d \,\} $$"""
    line_before = line[None, :] == line[:, None] - 1  # (T, T)
    there = place[None, :] == place[:, None] + ahead  # (T, T)
    return line_before & there & (line[None, :] >= 0)  # (T, T): marks between lines stand in no line


def head_score(weights: Tensor, cells: Tensor) -> Tensor:
    r"""$$ \text{score} = \frac{1}{|R|} \sum_{i \in R}\, \sum_{j \in M_i} a_{ij} $$"""
    rows = cells.any(dim=-1)  # (T,): the words that have something of this kind to look at
    on_cells = (weights * cells).sum(dim=-1)  # (..., T, T) * (T, T) -> (..., T)
    return on_cells[..., rows].mean(dim=-1)  # (...): NaN where no word has


def looks_back(weights: Tensor, distance: int, rows: int) -> Tensor:
    r"""$$ \bar a = \frac{1}{n} \sum_{i = T-n}^{T-1} a_{i,\, i-d} $$"""
    stripe = weights.diagonal(offset=-distance, dim1=-2, dim2=-1)  # (..., T, T) -> (..., T - d)
    return stripe[..., -rows:].mean(dim=-1)  # (...): over the last n words


def induction(twice: Tensor, once: Tensor, period: int) -> Tensor:
    r"""$$ \text{induction} = \bar a^{\,\text{said twice}} - \bar a^{\,\text{all different}} $$"""
    on_copies = looks_back(twice, period - 1, period).mean(dim=1)  # (L, B, H, T, T) -> (L, H), mean over B lists
    by_place_alone = looks_back(once, period - 1, period).mean(dim=1)  # (L, H)
    return on_copies - by_place_alone  # (L, H)


def mean_over_heads(weights: Tensor) -> Tensor:
    r"""$$ \bar A = \frac{1}{H} \sum_{h=1}^{H} A^{h} $$"""
    return weights.mean(dim=-3)  # (..., H, T, S) -> (..., T, S)


def rollout(weights: Tensor) -> Tensor:
    r"""$$ R_\ell = \tfrac{1}{2} \left( \bar A_\ell + I \right) R_{\ell-1}, \quad R_0 = I $$"""
    rolled, layers = torch.eye(weights.shape[-1]), []  # (T, T)
    for averaged in mean_over_heads(weights):  # (L, H, T, T) -> L times (T, T)
        half_stays = (averaged + torch.eye(len(averaged))) / 2  # (T, T): half a step, half the word itself
        rolled = half_stays @ rolled  # (T, T), each row still sums to 1
        layers.append(rolled)
    return torch.stack(layers)  # (L, T, T)


def handed_over(values: Tensor, W_O: Tensor) -> Tensor:
    r"""$$ f^{h}(x_j) = v^{h}_j\, W^{h}_O $$"""
    return values @ W_O  # (H, S, D) @ (H, D, C) -> (H, S, C)


def layer_lengths(weights: Tensor, values: Tensor, W_O: Tensor) -> Tensor:
    r"""$$ \Bigl\lVert \sum_{h=1}^{H} a^{h}_{ij}\, f^{h}(x_j) \Bigr\rVert $$"""
    moved = handed_over(values, W_O)  # (H, S, C)
    rows = [torch.einsum("hs,hsc->sc", row, moved).norm(dim=-1) for row in weights.unbind(dim=1)]  # T times (S,)
    return torch.stack(rows)  # (T, S)


def shares(lengths: Tensor) -> Tensor:
    r"""$$ \frac{n_{ij}}{\sum_{m} n_{im}} $$"""
    return lengths / lengths.sum(dim=-1, keepdim=True).clamp_min(1e-30)  # (..., S), each row sums to 1


def concat_then_project(heads: Tensor, W_O: Tensor, b: Tensor) -> Tensor:
    r"""$$ O = \left[\, o^{1} \,;\, o^{2} \,;\, \dots \,;\, o^{H} \,\right] W_O + b $$"""
    side_by_side = torch.cat(heads.unbind(dim=0), dim=-1)  # H times (T, D) -> (T, H D)
    whole_table = torch.cat(W_O.unbind(dim=0), dim=0)  # H times (D, C) -> (H D, C)
    return side_by_side @ whole_table + b  # (T, C)


def sum_over_heads(heads: Tensor, W_O: Tensor, b: Tensor) -> Tensor:
    r"""$$ O = \sum_{h=1}^{H} o^{h}\, W^{h}_O + b $$"""
    each = heads @ W_O  # (H, T, D) @ (H, D, C) -> (H, T, C)
    return each.sum(dim=0) + b  # (T, C)
