"""What the card of meadow-rnn says: all that the card of meadow-gpt says but heads, on the same held-out documents."""

import json
import time
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from model_utils.training import corpus, meadow_gpt, meadow_rnn
from model_utils.training.fitting import Work, in_bfloat16
from model_utils.training.loop import train
from model_utils.training.meadow_card import DOCUMENTS, next_words
from model_utils.training.muon import Muon
from model_utils.training.shipped import opened

BESIDE = Path(__file__).parents[1] / "weights" / "meadow-gpt" / "card.json"
TIMED = 8  # updates of each newborn network, after one to warm up


def measure(folder: Path, documents: int = DOCUMENTS) -> dict[str, Any]:
    """All of the card that is measured: on the shipped weights, in float32, on `documents` held-out documents."""
    return next_words(opened(folder), documents) | {"beside": {"meadow-gpt": beside()}}


def beside() -> dict[str, Any]:
    """What the card of meadow-gpt says of the same figures, measured on the same documents."""
    card = json.loads(BESIDE.read_text(encoding="utf-8"))
    own = ("parameters", "documents", "held_out_loss", "entropy", "gap", "distance", "accuracy")
    return {"training_tokens": card["training"]["tokens"]} | {name: card["measured"][name] for name in own}


def speeds() -> dict[str, int]:
    """Tokens that each recipe trains on in a second of one thread's processor time: on this machine, newborn."""
    recipes = {"meadow-rnn": meadow_rnn, "meadow-gpt": meadow_gpt}
    return {name: round(speed(recipe.prepare(recipe.RECIPE))) for name, recipe in recipes.items()}


def speed(work: Work, updates: int = TIMED) -> float:
    """Tokens a second; processor time, so that what else the machine does hardly counts."""
    batches = map(torch.from_numpy, islice(corpus.pool(1, 0, meadow_gpt.RECIPE.batch_size), updates + 1))
    loss = in_bfloat16(work.loss_of) if work.bfloat16 else work.loss_of
    run = train(work.network, batches, Muon(work.network, 0.01, work.bfloat16), lambda _: 1e-3, loss_of=loss)
    first = next(run)
    began = time.process_time()
    *_, last = run
    return (last.tokens - first.tokens) / (time.process_time() - began)
