"""More and more words covered: what the model would write into all gaps at once, and one after another."""

from dataclasses import dataclass

import numpy as np
import torch

from lessons.masked_words import maths
from lessons.masked_words.steps import gap_places, run_ids, token_of
from model_utils.queueing import Report
from model_utils.reading import read
from model_utils.types import Floats, Model

MOST_GAPS = 24  # one forward pass for each


@dataclass(frozen=True, eq=False)
class Written:
    """A text whose N gaps were filled in two ways.

    at_once, in_turn: the text that came of it; alone, chained: what the answer got at each gap, all read at once and
    with the surer gaps written in before (NaN for an answer that is no single token), (N,) each.
    """

    at_once: str
    in_turn: str
    alone: Floats
    chained: Floats


def order(count: int, seed: int) -> tuple[int, ...]:
    """In which order the words of a text are covered."""
    return tuple(torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist())


def write(model: Model, text: str, answers: tuple[str, ...], report: Report) -> Written:
    """Fill all gaps of `text` at once, each with its likeliest word; then one at a time, the surest gap first."""
    start = torch.tensor(read(model, text).ids)  # (T,)
    gaps = gap_places(start.numpy(), model.tokenizer.mask_token_id)
    wanted = {gap: token_of(model, answer) for gap, answer in zip(gaps, answers, strict=False)}  # a long text is cut
    first = _guess(model, start)  # (T, V)
    at_once, in_turn, chained = start.clone(), start.clone(), dict.fromkeys(gaps, 0.0)
    for gap in gaps:
        at_once[gap] = first[gap].argmax()
    for step in range(len(gaps)):
        report(step / len(gaps), "forward")
        probs = _guess(model, in_turn)
        surest = max((gap for gap in gaps if in_turn[gap] == start[gap]), key=lambda gap: float(probs[gap].max()))
        chained[surest] = _got(probs[surest], wanted[surest])
        in_turn[surest] = probs[surest].argmax()
    alone = [_got(first[gap], wanted[gap]) for gap in gaps]
    return Written(
        at_once=_spelt(model, at_once),
        in_turn=_spelt(model, in_turn),
        alone=np.array(alone, dtype=np.float32),
        chained=np.array([chained[gap] for gap in gaps], dtype=np.float32),
    )


def _guess(model: Model, ids: torch.Tensor) -> torch.Tensor:
    """Probabilities (T, V), the mask itself left out: it is no word to write."""
    logits = run_ids(model, ids[None])[0]
    itself = torch.tensor([model.tokenizer.mask_token_id])
    return maths.word_probabilities(logits.index_fill(-1, itself, -torch.inf))


def _got(probs: torch.Tensor, token: int | None) -> float:
    return float("nan") if token is None else float(probs[token])


def _spelt(model: Model, ids: torch.Tensor) -> str:
    return model.tokenizer.decode(ids.tolist(), skip_special_tokens=True).strip()
