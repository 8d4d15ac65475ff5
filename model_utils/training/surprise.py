"""How surprised a network is by each token of a text, however long the text is."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from model_utils.training.corpus import IGNORE, Ids, padded

ROWS = 32  # windows that run together


def surprisals(network: nn.Module, texts: Sequence[Ids]) -> list[NDArray[np.float32]]:
    """-ln P of each token but the first one, for texts that begin with END.

    A text longer than the context runs in windows that overlap by half: END, then the text from some place on, and only
    the second half is counted, so that every token has at least half a context before it, or all of its text.
    """
    half = network.config.n_positions // 2
    cuts = [
        (number, start) for number, ids in enumerate(texts) for start in range(0, max(1, len(ids) - half - 1), half)
    ]
    every = [np.empty(len(ids) - 1, dtype=np.float32) for ids in texts]
    by_length = sorted(cuts, key=lambda cut: len(texts[cut[0]]) - cut[1])
    for some in (by_length[i : i + ROWS] for i in range(0, len(by_length), ROWS)):
        windows = [_window(texts[number], start, 2 * half + 1) for number, start in some]
        losses = _losses(network, padded(windows))
        for (number, start), window, row in zip(some, windows, losses, strict=True):
            new = half if start else 0
            every[number][start + new : start + len(window) - 1] = row[new : len(window) - 1]
    return every


def _window(ids: Ids, start: int, length: int) -> Ids:
    return np.concatenate([ids[:1], ids[start + 1 : start + length]])


@torch.no_grad()
def _losses(network: nn.Module, batch: Ids) -> NDArray[np.float32]:
    """(B, T) padded -> (B, T - 1), -ln P of the next token at each place."""
    token_ids = torch.from_numpy(batch)
    logits = network(input_ids=token_ids[:, :-1].clamp(min=0), use_cache=False).logits
    losses = F.cross_entropy(logits.transpose(1, 2), token_ids[:, 1:], ignore_index=IGNORE, reduction="none")
    return losses.numpy()
