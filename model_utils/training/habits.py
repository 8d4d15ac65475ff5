"""Every head of a network scored on each habit that heads.py defines, for a card."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from model_utils.training import heads

PERIOD, LISTS, LISTS_SEED = 4, 128, 7
QUALIFIES = 0.4  # a head is called after what it gives at least this share of its attention to


def head_scores(
    network: nn.Module, opening: Sequence[int], listed: Sequence[int], texts: Iterable[Sequence[int]]
) -> dict[str, Any]:
    """The scores (L lists of H) that heads.py defines; a head is listed, as [layer, head] from 0, under each habit.

    Previous token and induction on lists of random words drawn from `listed`, where nothing but looking back helps;
    first and same token, and previous token once more, on `texts`, token ids each.
    """
    repeating, other = heads.random_lists(opening, listed, LISTS, PERIOD, LISTS_SEED)
    on_lists = heads.attention(network, repeating)
    scores = {
        "previous_token": heads.previous_token(on_lists),
        "induction": heads.induction(on_lists, heads.attention(network, other), PERIOD),
        **_on_texts(network, texts),
    }
    return table_of(scores) | {"listed": {name: (x >= QUALIFIES).nonzero().tolist() for name, x in scores.items()}}


def table_of(scores: Mapping[str, Tensor]) -> dict[str, dict[str, list[list[float]]]]:
    """Scores by name as they stand in a card, rounded."""
    return {"scores": {name: [[round(x, 4) for x in row] for row in table.tolist()] for name, table in scores.items()}}


def _on_texts(network: nn.Module, texts: Iterable[Sequence[int]]) -> dict[str, Tensor]:
    """Mean scores over texts; each weighs the same, however long it is."""
    tables: dict[str, list[Tensor]] = defaultdict(list)
    for ids in texts:
        token_ids = torch.tensor([[*ids]])
        weights = heads.attention(network, token_ids)
        tables["previous_token_in_documents"].append(heads.previous_token(weights))
        tables["first_token"].append(heads.first_token(weights))
        tables["same_token"].append(heads.same_token(weights, token_ids))
    return {name: torch.stack(some).nanmean(0) for name, some in tables.items()}
