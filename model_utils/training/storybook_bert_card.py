"""What the card of storybook-bert says: masked places of held-out text, beside storybook-gpt at the same places."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.random import Generator, default_rng
from tokenizers import Tokenizer

from model_utils.training import held_out, shipped
from model_utils.training.corpus import Ids
from model_utils.training.masked_network import distributions, opened
from model_utils.training.masked_rows import HIDDEN, Symbols
from model_utils.training.storybook_bert import ELDER, END_ID, row_of, symbols_of
from model_utils.training.storybook_gpt import ids_of, sentence_starts
from model_utils.training.texts import Split

WINDOW, WINDOWS, PLACES, SEED, SHOWN = 126, 130, 8, 11, 6
CLOZE = (
    "The old [MASK] opened the door and looked out.",
    "Once upon a [MASK] there was a king.",
    "The king had three [MASK], and the youngest was the most beautiful.",
    "The children were so [MASK] that they ate all the bread.",
    "The cat sat on the [MASK] and looked at the mouse.",
    "He took off his [MASK] and hung it on the wall.",
    "She was very [MASK], and she began to cry.",
    "The boy ran [MASK] the house.",
)


def measure(folder: Path, texts: Split[str], windows: int = WINDOWS) -> dict[str, Any]:
    """All of the card that is measured, on the shipped weights, in float32."""
    network, words = opened(folder), shipped.words_of(ELDER)
    cuts = list(held_out_windows(words, texts.held_out, windows))
    return {
        "parameters": sum(p.numel() for p in network.parameters()),
        "training_characters": sum(len(text) + 1 for text in texts.train),
        "held_out_windows": len(cuts),
        **compared(folder, cuts),
        "own": compared(folder, own_lines(words)),
        "cloze": cloze(folder),
    }


def held_out_windows(words: Tokenizer, texts: Sequence[str], count: int) -> list[Ids]:
    """Stretches of WINDOW tokens, each from the start of a sentence on, evenly chosen over the held-out texts."""
    cuts = []
    for text in texts:
        ids = ids_of(words, text)
        starts = sentence_starts(words, ids)
        for begin in range(1, len(ids) - WINDOW, WINDOW):
            start = starts[max(0, np.searchsorted(starts, begin, side="right") - 1)]
            cuts.append(ids[start : start + WINDOW])
    chosen = np.linspace(0, len(cuts) - 1, min(count, len(cuts))).astype(int)
    return [cuts[number] for number in chosen]


def own_lines(words: Tokenizer) -> list[Ids]:
    """Lines of our own writing, for a test that has no held-out text."""
    return [np.array(words.encode(line).ids[1:]) for line in held_out.own_lines("english")]


def compared(folder: Path, cuts: Sequence[Ids]) -> dict[str, Any]:
    """Accuracy and perplexity at hidden places, with BERT's share of them hidden at once and with one hidden at a time;
    and what storybook-gpt makes of the same tokens from the left alone."""
    draw, symbols = default_rng(SEED), symbols_of(shipped.words_of(folder).token_to_id)
    network, lefts = opened(folder), [_from_the_left(ids) for ids in cuts]
    several = [_places(ids, max(1, round(HIDDEN * len(ids))), draw) for ids in cuts]
    one = [_places(ids, PLACES, draw) for ids in cuts]
    found = {}
    for name, chosen, groups in (
        ("several_masks", several, [[places] for places in several]),
        ("one_mask", one, [[[place] for place in places] for places in one]),
    ):
        rows = [_row(ids, places, symbols) for ids, some in zip(cuts, groups, strict=True) for places in some]
        probs = torch.cat(distributions(network, rows, symbols.mask))  # (N, V)
        left = torch.cat([table[places] for table, places in zip(lefts, chosen, strict=True)])  # (N, V)
        came = torch.cat([torch.from_numpy(ids[places]) for ids, places in zip(cuts, chosen, strict=True)])
        found[name] = {"places": len(came), "both_sides": figures(probs, came), "left_alone": figures(left, came)}
    return found


def figures(probs: torch.Tensor, came: torch.Tensor) -> dict[str, float]:
    """How often the likeliest token is the one that came, and e to the mean surprisal; probs (N, V), came (N,)."""
    surprisals = -probs.gather(1, came[:, None]).log()
    return {
        "accuracy": round((probs.argmax(1) == came).double().mean().item(), 4),
        "perplexity": round(math.exp(surprisals.double().mean().item()), 2),
    }


def _places(ids: Ids, count: int, draw: Generator) -> list[int]:
    """Places of a window to be hidden; where a paragraph ends is none."""
    can = np.flatnonzero(ids != END_ID)
    return sorted(draw.choice(can, min(count, len(can)), replace=False).tolist())


def _row(ids: Ids, places: Sequence[int], symbols: Symbols) -> list[int]:
    hidden = ids.copy()
    hidden[places] = symbols.mask
    return row_of(hidden, symbols).ids.tolist()


@cache
def causal() -> Any:
    """storybook-gpt, opened once."""
    return shipped.opened(ELDER)


@torch.no_grad()
def _from_the_left(ids: Ids) -> torch.Tensor:
    """(T, V): storybook-gpt's distribution of each token of a window, given END and those before it."""
    token_ids = torch.from_numpy(np.insert(ids, 0, END_ID))[None, :-1]
    return causal()(input_ids=token_ids, use_cache=False).logits[0].softmax(-1)


def cloze(folder: Path) -> dict[str, list[list[str | float]]]:
    """The likeliest pieces in the blank of each of our sentences."""
    network, words = opened(folder), shipped.words_of(folder)
    rows = [words.encode(sentence).ids for sentence in CLOZE]
    found = distributions(network, rows, words.token_to_id("[MASK]"))
    return {
        sentence: [[words.decode([i]), round(probs[0, i].item(), 4)] for i in probs[0].topk(SHOWN).indices.tolist()]
        for sentence, probs in zip(CLOZE, found, strict=True)
    }
