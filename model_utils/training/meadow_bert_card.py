"""What the card of meadow-bert says: its blanks beside the exact truth, and how well it tells what follows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.random import default_rng

from model_utils.meadow import sample_documents
from model_utils.training import meadow_bert_rows
from model_utils.training.masked_network import opened
from model_utils.training.masked_rows import HIDDEN, Row
from model_utils.training.masked_truth import Blanked, Blanks, compare
from model_utils.training.meadow_card import HELD_OUT_SEED

DOCUMENTS, PAIRS, SEED = 600, 2000, 11


def measure(folder: Path, _: None = None, documents: int = DOCUMENTS, pairs: int = PAIRS) -> dict[str, Any]:
    """All of the card that is measured: on the shipped weights, in float32, on a beginning of each document."""
    network = opened(folder)
    texts = list(beginnings(documents))
    one = [(words, (place,)) for words in texts for place in range(len(words))]
    found = figures(compare(network, one))
    every, head = (sum(p.numel() for p in part.parameters()) for part in (network, network.cls.seq_relationship))
    return {
        "parameters": every - head - sum(p.numel() for p in network.bert.pooler.parameters()),  # those that words need
        "parameters_with_next_sentence": every,
        "texts": len(texts),
        "held_out_loss": found["loss"],
        "entropy": found["best_possible_loss"],
        "one_blank": found,
        "several_blanks": figures(compare(network, several(texts))),
        "next_sentence": next_sentence(network, pairs),
    }


def beginnings(documents: int) -> Iterator[tuple[str, ...]]:
    """The words of one beginning of each held-out document, of those that end with a sentence."""
    draw = default_rng(SEED)
    for document in sample_documents(documents, seed=HELD_OUT_SEED):
        ends = [place + 1 for place, word in enumerate(document.words) if word in ".?"]
        yield document.words[: draw.choice(ends)]


def several(texts: list[tuple[str, ...]]) -> Iterator[Blanked]:
    """Each text with BERT's share of its words hidden, at least one."""
    draw = default_rng(SEED)
    for words in texts:
        luck = draw.random(len(words))
        yield words, tuple(np.flatnonzero(luck <= max(HIDDEN, luck.min())).tolist())


def figures(blanks: Blanks) -> dict[str, float | int]:
    """Accuracy beside that of the exact distribution's best word, surprisal in nats a blank beside the entropy."""
    model, truth = blanks.model.mean().item(), blanks.truth.mean().item()
    return {
        "places": len(blanks.came),
        "accuracy": round((blanks.model_best == blanks.came).double().mean().item(), 4),
        "best_possible_accuracy": round((blanks.truth_best == blanks.came).double().mean().item(), 4),
        "loss": round(model, 4),
        "best_possible_loss": round(truth, 4),
        "gap": round(model - truth, 4),
        "distance": round(blanks.distance.mean().item(), 4),
    }


def next_sentence(network: Any, count: int) -> dict[str, float | int]:
    """How often the likelier answer is right, on held-out pairs without a mask."""
    rows = meadow_bert_rows.pairs(meadow_bert_rows.documents(4 * count, HELD_OUT_SEED), default_rng(SEED))
    some = [row for row, _ in zip(rows, range(count), strict=False)]
    right = [answer(network, row) == row.follows for row in some]
    follow = sum(row.follows == 0 for row in some)
    return {"pairs": len(some), "of_these_follow": follow, "accuracy": round(sum(right) / len(right), 4)}


@torch.no_grad()
def answer(network: Any, row: Row) -> int:
    """0 where the network takes the second sentence to follow the first, else 1."""
    ids, segments = (torch.from_numpy(array)[None] for array in (row.ids, row.segments))
    pooled = network.bert(input_ids=ids, token_type_ids=segments).pooler_output
    return int(network.cls.seq_relationship(pooled).argmax())
