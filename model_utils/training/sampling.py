"""Texts drawn from a network, many at once, each token from the distribution at some temperature."""

from collections.abc import Sequence

import torch
from torch import nn


@torch.no_grad()
def draw(
    network: nn.Module, prompts: Sequence[Sequence[int]], temperature: float, end: int, seed: int
) -> list[list[int]]:
    """Token ids that go on after each prompt, up to `end` or to the end of the context.

    Prompts of one length run together; the same seed gives the same texts.
    """
    generator = torch.Generator().manual_seed(seed)
    drawn: list[list[int]] = [[] for _ in prompts]
    for length in sorted({len(prompt) for prompt in prompts}):
        rows = [i for i, prompt in enumerate(prompts) if len(prompt) == length]
        together = _go_on(network, torch.tensor([prompts[i] for i in rows]), temperature, end, generator)
        for i, ids in zip(rows, together.tolist(), strict=True):
            drawn[i] = [*ids[: ids.index(end)], end] if end in ids else ids
    return drawn


def _go_on(
    network: nn.Module, token_ids: torch.Tensor, temperature: float, end: int, generator: torch.Generator
) -> torch.Tensor:
    """token_ids (B, T) -> the tokens after them (B, new)."""
    room = network.config.n_positions - token_ids.shape[1]
    last, past, new, ended = token_ids, None, [], torch.zeros(len(token_ids), dtype=torch.bool)
    while len(new) < room and not ended.all():
        output = network(input_ids=last, past_key_values=past, use_cache=True)
        past = output.past_key_values
        probs = (output.logits[:, -1] / temperature).softmax(-1)
        last = torch.multinomial(probs, 1, generator=generator)  # (B, 1)
        new.append(last)
        ended |= last[:, 0] == end
    return torch.cat(new, dim=1)
