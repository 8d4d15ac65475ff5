"""What the card of meadow-gpt says: how close to the truth it came, measured."""

import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from model_utils.meadow import END, sample_documents
from model_utils.meadow.kinds.patterns import LISTED
from model_utils.training.habits import head_scores
from model_utils.training.phenomena import PHENOMENA
from model_utils.training.shipped import opened
from model_utils.training.truth import Comparison, compare, word_id

HELD_OUT_SEED = 77_000_000  # far from the seeds of the training stream
DOCUMENTS, CERTAIN = 1500, 0.99


def measure(folder: Path, documents: int = DOCUMENTS) -> dict[str, Any]:
    """All of the card that is measured: on the shipped weights, in float32, on `documents` held-out documents."""
    network = opened(folder)
    some = [document.words for document in sample_documents(min(documents, 200), seed=HELD_OUT_SEED)]
    return next_words(network, documents) | {"heads": _heads(network, some)}


def next_words(network: nn.Module, documents: int) -> dict[str, Any]:
    """What every model that reads Meadow from the left is asked, on the first `documents` held-out documents."""
    held_out = list(sample_documents(documents, seed=HELD_OUT_SEED))
    compared = [compare(network, document.words) for document in held_out]
    return {
        "parameters": sum(p.numel() for p in network.parameters()),
        **closeness(compared),
        "accuracy": accuracy(held_out, compared),
    }


def _heads(network: nn.Module, texts: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """On Meadow's lists, and on documents."""
    opening = [word_id(word) for word in (END, "List", ":")]
    listed = sorted(word_id(noun.english) for noun in LISTED)
    return head_scores(network, opening, listed, ([word_id(END), *map(word_id, words)] for words in texts))


def closeness(compared: Iterable[Comparison]) -> dict[str, float | int]:
    """Loss and entropy in nats a token, END counted, over the same places; mean total variation between the two."""
    compared = list(compared)
    model, truth, distance = (
        torch.cat([getattr(one, name) for one in compared]) for name in ("model", "truth", "distance")
    )
    return {
        "documents": len(compared),
        "tokens": len(model),
        "held_out_loss": round(model.mean().item(), 4),
        "entropy": round(truth.mean().item(), 4),
        "gap": round((model - truth).mean().item(), 4),
        "distance": round(distance.mean().item(), 4),
    }


def accuracy(documents: Iterable[Any], compared: Iterable[Comparison]) -> dict[str, dict[str, float | int]]:
    """For each phenomenon: at how many places the model's best word is the truth's best word.

    Places where the truth leaves two words open (two orders of a sentence, "he" as likely as "she") are no test of the
    phenomenon and left out; agreement is tested by the number of the verb, whichever verb it is.
    """
    hits: dict[str, list[bool]] = defaultdict(list)
    for document, one in zip(documents, compared, strict=True):
        for name, places in PHENOMENA.items():
            for place in places(document):
                if name == "agreement" or one.truth[place] < -math.log(CERTAIN):
                    hits[name].append(bool(one.model_best[place] == one.truth_best[place]))
    return {
        name: {"places": len(hits[name]), "accuracy": round(sum(hits[name]) / max(1, len(hits[name])), 4)}
        for name in PHENOMENA
    }
