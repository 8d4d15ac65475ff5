"""How well a model of real text does on text that it has not read, beside Kneser-Ney on the same tokens."""

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from model_utils.training import kneser_ney
from model_utils.training.corpus import Ids
from model_utils.training.surprise import surprisals

N = 5


def compared(
    network: nn.Module, train: Sequence[Ids], held_out: Sequence[Ids], characters: int
) -> dict[str, float | int]:
    """Surprisal of all held-out tokens, by the network and by modified Kneser-Ney; texts begin with END.

    characters: of the held-out texts, the end of each line or poem counted as one.
    """
    losses = np.concatenate(surprisals(network, held_out))
    counted = kneser_ney.learn((ids[1:] for ids in train), N, network.config.vocab_size)
    by_counting = np.concatenate([kneser_ney.surprisals(counted, ids[1:]) for ids in held_out])
    return {
        "held_out_texts": len(held_out),
        "held_out_characters": characters,
        "held_out_tokens": len(losses),
        **_in_all_units("", losses, characters),
        **_in_all_units("kneser_ney_", by_counting, characters),
    }


def _in_all_units(name: str, losses: np.ndarray, characters: int) -> dict[str, float]:
    nats = float(losses.sum(dtype=np.float64)) / characters
    return {
        f"{name}nats_per_character": round(nats, 4),
        f"{name}bits_per_character": round(nats / math.log(2), 4),
        f"{name}perplexity_per_token": round(math.exp(losses.mean(dtype=np.float64)), 2),
    }


def kept(network: nn.Module, texts: Mapping[str, Ids], own: Mapping[str, Ids], count: int) -> dict[str, Any]:
    """The surprisal of each token of `count` held-out texts, evenly chosen, and of the lines of our own writing.

    Of a held-out text only its SHA-256 is kept; both are given with their token ids.
    """
    chosen = [[*texts][i] for i in np.linspace(0, len(texts) - 1, count).astype(int)]
    unseen = surprisals(network, [texts[text] for text in chosen])
    ours = surprisals(network, list(own.values()))
    return {
        "held_out": [
            _line(text, losses, {"sha256": sha256(text)}) for text, losses in zip(chosen, unseen, strict=True)
        ],
        "own": [_line(text, losses, {"text": text}) for text, losses in zip(own, ours, strict=True)],
    }


def sha256(text: str) -> str:
    """By which a held-out text is found again by those who have it."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _line(text: str, losses: np.ndarray, named: dict[str, str]) -> dict[str, Any]:
    return named | {"characters": len(text) + 1, "losses": " ".join(f"{loss:.3f}" for loss in losses)}


def own_lines(language: str) -> list[Any]:
    """Lines of our own writing: "english", texts, or "chinese", pairs of kind and text."""
    return tomllib.loads(Path(__file__).with_name("own_lines.toml").read_text(encoding="utf-8"))[language]
