"""What attention heads look at, measured: previous, first, same token, and induction.

Every score is a mean attention weight, so 1 means "all of its attention, always". Arrays are (L, H).
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def attention(network: torch.nn.Module, token_ids: Tensor) -> Tensor:
    """All attention weights (L, B, H, T, T) for token_ids (B, T); the network must run eager attention."""
    with torch.no_grad():
        return torch.stack(network(input_ids=token_ids, output_attentions=True, use_cache=False).attentions)


def previous_token(weights: Tensor) -> Tensor:
    """(L, H): mean weight on the token just before, over all places but the first two.

    At place 1 the token before is also the first one, where heads rest. weights (L, B, H, T, T).
    Source: Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits", two-layer models.
    """
    return weights.diagonal(offset=-1, dim1=-2, dim2=-1)[..., 1:].mean(dim=(1, 3))  # (L, B, H, T-2) -> (L, H)


def first_token(weights: Tensor) -> Tensor:
    """(L, H): mean weight on place 0, over all places but place 0 itself. weights (L, B, H, T, T)."""
    return weights[..., 1:, 0].mean(dim=(1, 3))


def same_token(weights: Tensor, token_ids: Tensor) -> Tensor:
    """(L, H): mean weight on earlier copies of the token itself, over the places that have one; token_ids (B, T)."""
    copies = (token_ids[:, :, None] == token_ids[:, None, :]).tril(-1)  # (B, T, T)
    has_one = copies.any(-1)  # (B, T)
    on_copies = (weights * copies[:, None]).sum(-1)  # (L, B, H, T)
    return on_copies.transpose(2, 3)[:, has_one].mean(1)  # (L, places, H) -> (L, H)


def induction(weights: Tensor, period: int) -> Tensor:
    """(L, H): mean weight on the token after the last copy of the current one, in a text of random words said twice.

    weights (L, B, H, T, T) of a text that ends in `period` random words and the same again: from each place t of the
    second copy to place t - period + 1.
    Source: Olsson et al. 2022, "In-context Learning and Induction Heads", prefix matching.
    """
    stripe = weights.diagonal(offset=1 - period, dim1=-2, dim2=-1)  # (L, B, H, T - period + 1), by the place looked at
    return stripe[..., -period:].mean(dim=(1, 3))  # from the last `period` places: the second copy


def repeated(opening: Sequence[int], words: Sequence[int], count: int, period: int, seed: int) -> Tensor:
    """`opening`, `period` different random words, the same again: token ids (count, len(opening) + 2 * period)."""
    generator = torch.Generator().manual_seed(seed)
    choices = torch.tensor(words)
    once = torch.stack([choices[torch.randperm(len(words), generator=generator)[:period]] for _ in range(count)])
    return torch.cat([torch.tensor(opening).expand(count, -1), once, once], dim=1)
