"""One tiny transformer trained twice to guess the next symbol: with the causal mask and without.

Both arms start from the same weights and read the same batches in turn; only `visible` differs. They stop after `steps`
steps or `seconds` seconds.
"""

import time
from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from model_utils.live_training.symbols import Corpus, corpus, known_runs
from model_utils.live_training.transformer import TinyTransformer
from model_utils.live_training.values import TrainingEvent, TrainingRequest
from model_utils.training.loop import Step, train

BATCH = 16
LEARNING_RATE = 3e-3
WARM_UP = 20
EVERY = 10  # steps between two events of an arm
HELD_OUT_WINDOWS = 24
DRAWN = 4  # samples drawn at each event: known_runs is of all of them, the first one is shown
SHOWN = 10  # symbols of the attention map


def visible_to(masked: bool, T: int) -> Tensor:
    """(T, T), True where query t may look at key s: s <= t with the causal mask, everywhere without."""
    everywhere = torch.ones(T, T, dtype=torch.bool)
    return everywhere.tril() if masked else everywhere


def next_symbol_loss(network: TinyTransformer, token_ids: Tensor, visible: Tensor) -> Tensor:
    """Mean -log p(next symbol), nats; token_ids (B, T + 1): every position but the last has its next one as target."""
    logits = network(token_ids[:, :-1], visible)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), token_ids[:, 1:].flatten())


def both_arms(request: TrainingRequest) -> Iterator[TrainingEvent]:
    """Train both arms side by side, step by step; an event of each at step 0 and after every EVERY steps."""
    texts, began = corpus(request.text), time.perf_counter()
    arms = {masked: _arm(request, texts, masked) for masked in (True, False)}
    losses: dict[bool, list[float]] = {True: [], False: []}
    for step in range(request.steps + 1):
        seconds = time.perf_counter() - began
        for masked, (network, steps) in arms.items():
            if step % EVERY == 0:
                yield _look(network, texts, masked, step, seconds, losses[masked])
                losses[masked] = []
            if step < request.steps and (taken := next(steps, None)):
                losses[masked].append(taken.loss)
        if seconds > request.seconds:
            return


def _arm(request: TrainingRequest, texts: Corpus, masked: bool) -> tuple[TinyTransformer, Iterator[Step]]:
    torch.manual_seed(request.seed)  # this process trains nothing else, so the global seed is ours
    network = TinyTransformer(len(texts.symbols), texts.context)
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.99), weight_decay=0.01)
    loss_of = partial(next_symbol_loss, visible=visible_to(masked, texts.context))
    rate = lambda step: LEARNING_RATE * min(1.0, (step + 1) / WARM_UP)  # noqa: E731
    return network, train(network, _batches(texts, request.seed), optimizer, rate, loss_of=loss_of)


def _batches(texts: Corpus, seed: int) -> Iterator[Tensor]:
    """Windows (B, T + 1) cut from the training text at random places, the same places for the same seed."""
    ids, T = torch.tensor(texts.train), texts.context
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield torch.stack([ids[i : i + T + 1] for i in torch.randint(len(ids) - T, (BATCH,), generator=generator)])


@torch.no_grad()
def _look(
    network: TinyTransformer, texts: Corpus, masked: bool, step: int, seconds: float, losses: list[float]
) -> TrainingEvent:
    """Everything that an event tells, measured now."""
    T = texts.context
    held_out = torch.tensor(texts.held_out)
    windows = torch.stack([held_out[i : i + T + 1] for i in range(0, len(held_out) - T, T)][:HELD_OUT_WINDOWS])
    covered = next_symbol_loss(network, windows, visible_to(True, T)).item()
    loss = sum(losses) / len(losses) if losses else next_symbol_loss(network, windows, visible_to(masked, T)).item()
    every_map = network.trace(windows[:1, :SHOWN], visible_to(masked, SHOWN))[1]  # (L, 1, H, T, T)
    attn_weights = every_map.mean(dim=(0, 1, 2))  # (T, T)
    drawn = _write(network, texts, masked)
    return TrainingEvent(
        masked=masked,
        step=step,
        seconds=round(seconds, 2),
        loss=round(loss, 4),
        held_out=round(covered, 4),
        sample=texts.glue.join(texts.symbols[i] for i in drawn[0]),
        known_runs=round(sum(known_runs(ids, texts) for ids in drawn) / len(drawn), 3),
        symbols=tuple(texts.symbols[i] for i in windows[0, :SHOWN].tolist()),
        attn_weights=tuple(tuple(round(w, 3) for w in row) for row in attn_weights.tolist()),
    )


def _write(network: TinyTransformer, texts: Corpus, masked: bool) -> list[list[int]]:
    """DRAWN samples of one window each, a symbol at a time, after a start that is not returned."""
    generator = torch.Generator().manual_seed(0)
    ids = torch.full((DRAWN, 1), texts.start)
    for T in range(1, texts.context):
        probs = network(ids, visible_to(masked, T))[:, -1].softmax(-1)  # (DRAWN, V)
        ids = torch.cat([ids, torch.multinomial(probs, 1, generator=generator)], dim=1)
    return ids[:, 1:].tolist()
