"""One small encoder trained twice to fill gaps: with its loss counted at the chosen places only, and at all of them.

Both arms start from the same weights and read the same spoilt windows in turn; only the places that count differ.
Devlin et al. 2019, "BERT", section 3.1 and appendix A.1: 15 % of the places, of which 80 % are covered, 10 % get a
random word and 10 % stay as they are.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from model_utils.live_training.symbols import Corpus, corpus
from model_utils.live_training.transformer import TinyTransformer
from model_utils.live_training.values import FillingEvent, TrainingRequest
from model_utils.training.loop import Step, train

SHARE, COVERED, STRANGE = 0.15, 0.8, 0.1
WINDOW = {" ": 16, "": 48}  # symbols that the model sees at once, for words and for characters
BATCH = 32
LEARNING_RATE = 5e-3
WARM_UP = 20
EVERY = 20  # steps between two events of an arm
MOST_WINDOWS = 128  # of held-out text, looked at for each event
Arm = tuple[TinyTransformer, Iterator[Step]]


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of text with gaps: what is read and what stood there, (B, T) ids, and the places chosen, (B, T) bool."""

    read: Tensor
    symbols: Tensor
    chosen: Tensor


def spoilt(symbols: Tensor, mask: int, generator: torch.Generator) -> Windows:
    """The recipe on windows of ids (B, T); `mask` is the id of the cover, all below it are symbols."""
    chosen = torch.rand(symbols.shape, generator=generator) < SHARE  # (B, T)
    chosen[:, 0] |= ~chosen.any(dim=1)  # a window without a place would teach nothing
    fate = torch.rand(symbols.shape, generator=generator)  # (B, T)
    strangers = torch.randint(mask, symbols.shape, generator=generator)  # (B, T)
    read = torch.where(chosen & (fate < COVERED), mask, symbols)
    return Windows(torch.where(chosen & (fate >= 1 - STRANGE), strangers, read), symbols, chosen)


def filling_loss(network: TinyTransformer, windows: Windows, everywhere: bool) -> Tensor:
    """Mean -log p(symbol that stood there), nats: over the chosen places, or over all places."""
    logits = network(windows.read, _open(windows.read))  # (B, T, V)
    counted = torch.ones_like(windows.chosen) if everywhere else windows.chosen
    return F.cross_entropy(logits[counted], windows.symbols[counted])


def both_losses(request: TrainingRequest) -> Iterator[FillingEvent]:
    """Train both arms side by side, step by step; an event of each at step 0 and after every EVERY steps."""
    texts, began = corpus(request.text), time.perf_counter()
    unseen = _held_out(texts)
    arms = {everywhere: _arm(request, texts, everywhere) for everywhere in (False, True)}
    losses: dict[bool, list[float]] = {True: [], False: []}
    for step in range(request.steps + 1):
        seconds = time.perf_counter() - began
        for everywhere, (network, steps) in arms.items():
            if step % EVERY == 0:
                yield _look(network, texts, unseen, everywhere, step, seconds, losses[everywhere])
                losses[everywhere] = []
            if step < request.steps and (taken := next(steps, None)):
                losses[everywhere].append(taken.loss)
        if seconds > request.seconds:
            return


def _arm(request: TrainingRequest, texts: Corpus, everywhere: bool) -> Arm:
    torch.manual_seed(request.seed)  # this process trains nothing else, so the global seed is ours
    network = TinyTransformer(len(texts.symbols) + 1, WINDOW[texts.glue])
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.99), weight_decay=0.01)
    rate = lambda step: LEARNING_RATE * min(1.0, (step + 1) / WARM_UP)  # noqa: E731
    loss_of, targets = partial(filling_loss, everywhere=everywhere), lambda windows: windows.read.numel()
    return network, train(network, _batches(texts, request.seed), optimizer, rate, loss_of=loss_of, targets=targets)


def _batches(texts: Corpus, seed: int) -> Iterator[Windows]:
    """Windows cut from the training text at random places and spoilt; the same ones for the same seed."""
    ids, T, generator = torch.tensor(texts.train), WINDOW[texts.glue], torch.Generator().manual_seed(seed)
    while True:
        starts = torch.randint(len(ids) - T, (BATCH,), generator=generator)
        yield spoilt(torch.stack([ids[i : i + T] for i in starts]), len(texts.symbols), generator)


def _held_out(texts: Corpus) -> Windows:
    """Windows that nobody trains on, a share of their places covered: every chosen one, as in use. Always the same."""
    ids, T, mask = torch.tensor(texts.held_out), WINDOW[texts.glue], len(texts.symbols)
    symbols = torch.stack([ids[i : i + T] for i in range(0, len(ids) - T, T)][:MOST_WINDOWS])  # (B, T)
    chosen = torch.rand(symbols.shape, generator=torch.Generator().manual_seed(0)) < SHARE
    chosen[:, T // 2] |= ~chosen.any(dim=1)
    return Windows(torch.where(chosen, mask, symbols), symbols, chosen)


@torch.no_grad()
def _look(
    network: TinyTransformer, texts: Corpus, unseen: Windows, everywhere: bool, step: int, seconds: float,
    losses: list[float],
) -> FillingEvent:  # fmt: skip
    """Everything that an event tells, measured now."""
    probs = network(unseen.read, _open(unseen.read))[..., :-1].softmax(-1)  # (B, T, V) without the cover itself
    right = probs.argmax(-1) == unseen.symbols  # (B, T)
    gaps = unseen.chosen[0].nonzero()[:, 0].tolist()
    loss = sum(losses) / len(losses) if losses else filling_loss(network, unseen, everywhere).item()
    return FillingEvent(
        everywhere=everywhere,
        step=step,
        seconds=round(seconds, 2),
        loss=round(loss, 4),
        held_out=round(filling_loss(network, unseen, everywhere=False).item(), 4),
        filled=round(right[unseen.chosen].float().mean().item(), 4),
        copied=round(right[~unseen.chosen].float().mean().item(), 4),
        symbols=tuple(texts.symbols[i] for i in unseen.symbols[0].tolist()),
        gaps=tuple(gaps),
        guesses=tuple(texts.symbols[int(probs[0, place].argmax())] for place in gaps),
        probabilities=tuple(round(float(probs[0, place, unseen.symbols[0, place]]), 4) for place in gaps),
    )


def _open(token_ids: Tensor) -> Tensor:
    """(T, T): every place may look at every place."""
    T = token_ids.shape[1]
    return torch.ones(T, T, dtype=torch.bool)
