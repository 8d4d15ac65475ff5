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


def at(weights: Tensor, places: Tensor) -> Tensor:
    """(L, H): mean weight on one place chosen for each token, places (B, T), over the tokens that have one (not -1)."""
    chosen = places >= 0  # (B, T)
    where = places.clamp(min=0)[None, :, None, :, None].expand(*weights.shape[:4], 1)
    looked = weights.gather(-1, where)[..., 0]  # (L, B, H, T)
    return looked.transpose(2, 3)[:, chosen].mean(1)  # (L, places, H) -> (L, H)


def induction(repeating: Tensor, other: Tensor, period: int) -> Tensor:
    """(L, H): mean weight on the token after the last copy of the current one, in a text of random words said twice.

    From each place t of the second copy to place t - period + 1, less the weight on the same places in texts where all
    words differ: a head that looks there for the place alone, whatever the words are, scores 0.
    repeating, other (L, B, H, T, T): the texts of `random_lists`.
    Source: Olsson et al. 2022, "In-context Learning and Induction Heads", prefix matching; the control is added here.
    """
    return _after_last_copy(repeating, period) - _after_last_copy(other, period)


def _after_last_copy(weights: Tensor, period: int) -> Tensor:
    stripe = weights.diagonal(offset=1 - period, dim1=-2, dim2=-1)  # (L, B, H, T - period + 1), by the place looked at
    return stripe[..., -period:].mean(dim=(1, 3))  # from the last `period` places: the second copy


def random_lists(
    opening: Sequence[int], words: Sequence[int], count: int, period: int, seed: int
) -> tuple[Tensor, Tensor]:
    """Token ids (count, len(opening) + 2 * period): `period` random words twice, and twice as many different ones."""
    generator = torch.Generator().manual_seed(seed)
    choices = torch.tensor(words)
    drawn = [choices[torch.randperm(len(words), generator=generator)[: 2 * period]] for _ in range(count)]
    other = torch.stack(drawn)  # (count, 2 * period)
    once, start = other[:, :period], torch.tensor(opening).expand(count, -1)
    return torch.cat([start, once, once], dim=1), torch.cat([start, other], dim=1)
