"""The card of a trained Meadow model: what it was trained on, and how close to the truth it came, measured."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModelForCausalLM

from model_utils.meadow import END, sample_documents
from model_utils.meadow.kinds.patterns import LISTED
from model_utils.training import heads
from model_utils.training.phenomena import PHENOMENA
from model_utils.training.truth import Comparison, compare, word_id

HELD_OUT_SEED = 77_000_000  # far from the seeds of the training stream
DOCUMENTS, CERTAIN = 1500, 0.99
PERIOD, LISTS, LISTS_SEED = 4, 128, 7
QUALIFIES = 0.4  # a head is called after what it gives at least this share of its attention to


def write(folder: Path) -> None:
    """Measure the model in `folder` and write card.json there, with the facts of its training from run.json."""
    training = json.loads((folder / "run.json").read_text())
    card = {"model": folder.name, "training": training, "measured": measure(folder, DOCUMENTS)}
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n")


def measure(folder: Path, documents: int) -> dict[str, Any]:
    """All of the card that is measured: on the shipped weights, in float32, on `documents` held-out documents."""
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    held_out = list(sample_documents(documents, seed=HELD_OUT_SEED))
    compared = [compare(network, document.words) for document in held_out]
    return {
        "parameters": sum(p.numel() for p in network.parameters()),
        **closeness(compared),
        "accuracy": accuracy(held_out, compared),
        "heads": head_scores(network, [document.words for document in held_out[:200]]),
    }


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


def head_scores(network: nn.Module, texts: list[tuple[str, ...]]) -> dict[str, Any]:
    """The scores (L lists of H) that heads.py defines; a head is listed, as [layer, head] from 0, under each habit.

    Previous token and induction on Meadow's lists of random words, where nothing but looking back helps; first and same
    token, and previous token once more, on held-out documents.
    """
    opening = [word_id(word) for word in (END, "List", ":")]
    listed = sorted(word_id(noun.english) for noun in LISTED)
    repeating, other = heads.random_lists(opening, listed, LISTS, PERIOD, LISTS_SEED)
    on_lists = heads.attention(network, repeating)
    scores = {
        "previous_token": heads.previous_token(on_lists),
        "induction": heads.induction(on_lists, heads.attention(network, other), PERIOD),
        **_on_documents(network, texts),
    }
    return {
        "scores": {name: [[round(x, 4) for x in row] for row in table.tolist()] for name, table in scores.items()},
        "listed": {name: (table >= QUALIFIES).nonzero().tolist() for name, table in scores.items()},
    }


def _on_documents(network: nn.Module, texts: list[tuple[str, ...]]) -> dict[str, Tensor]:
    """Mean scores over documents; each weighs the same, however long it is."""
    tables: dict[str, list[Tensor]] = defaultdict(list)
    for words in texts:
        token_ids = torch.tensor([[word_id(END), *map(word_id, words)]])
        weights = heads.attention(network, token_ids)
        tables["previous_token_in_documents"].append(heads.previous_token(weights))
        tables["first_token"].append(heads.first_token(weights))
        tables["same_token"].append(heads.same_token(weights, token_ids))
    return {name: torch.stack(some).nanmean(0) for name, some in tables.items()}
