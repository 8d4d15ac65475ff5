"""The training loop: one generator that the model recipes and the live demos share."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

IGNORE = -100  # marks a padded cell of a batch: it is no target, and the network reads token 0 there
Loss = Callable[[nn.Module, Any], Tensor]  # (network, batch) -> nats a token; what a batch is, the recipe says


@dataclass(frozen=True)
class Step:
    """One finished update: its number from 1 on, the loss before it (nats a token), and totals since the start."""

    step: int
    loss: float
    tokens: int
    seconds: float


def next_token_loss(network: nn.Module, token_ids: Tensor) -> Tensor:
    """Mean surprisal, in nats, of each token given those before it; token_ids (B, T) padded with IGNORE."""
    logits = network(input_ids=token_ids[:, :-1].clamp(min=0), use_cache=False).logits  # (B, T-1, V)
    return F.cross_entropy(logits.flatten(0, 1), token_ids[:, 1:].flatten(), ignore_index=IGNORE)


def next_token_loss_by_length(network: nn.Module, token_ids: Tensor, groups: int = 8) -> Tensor:
    """next_token_loss, only faster where lengths differ: short and long rows run apart, each cut to its length."""
    lengths = (token_ids != IGNORE).sum(1)  # (B,)
    total = token_ids.new_zeros((), dtype=torch.float32)
    for rows in lengths.argsort().chunk(groups):
        group = token_ids[rows, : int(lengths[rows].max())]
        total = total + next_token_loss(network, group) * (group[:, 1:] != IGNORE).sum()
    return total / (lengths - 1).sum()


def next_tokens(token_ids: Tensor) -> int:
    """How many tokens of a batch (B, T) are predicted from the left: all but the first of each row."""
    return int((token_ids[:, 1:] != IGNORE).sum())


def warmup_stable_decay(peak: float, steps: int, warmup: int, decay: float) -> Callable[[int], float]:
    """The learning rate of step n: a line up to `peak`, a plateau, a line to 0 over the last share `decay` of `steps`.

    Until the decay begins nothing depends on `steps`, so a run may be resumed with another length.
    Source: Hu et al. 2024, "MiniCPM", section 4.
    """

    def rate(step: int) -> float:
        return peak * max(0.0, min(1.0, (step + 1) / warmup, (steps - step) / (decay * steps)))

    return rate


def train(
    network: nn.Module,
    batches: Iterable[Any],
    optimizer: torch.optim.Optimizer,
    rate: Callable[[int], float],
    *,
    loss_of: Loss = next_token_loss,
    targets: Callable[[Any], int] = next_tokens,
    first_step: int = 0,
    clip: float = 1.0,
) -> Iterator[Step]:
    """Update `network` once for each batch and yield a Step after each; targets(batch) is what Step.tokens adds up.

    Between two Steps the caller may look at the network, draw samples, save it, or close the generator to stop.
    `rate(n)` is the learning rate of update n, counted from `first_step`, so that a resumed run follows its schedule.
    """
    began, tokens = time.perf_counter(), 0
    for step, batch in enumerate(batches, start=first_step):
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        network.train()
        loss = loss_of(network, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), clip)
        optimizer.step()
        tokens += targets(batch)
        yield Step(step + 1, loss.item(), tokens, time.perf_counter() - began)
