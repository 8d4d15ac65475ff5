"""Five sequences: what transformers answers when greedy search is asked for them, and what beams give instead."""

from dataclasses import dataclass

import torch

from lessons.decoding.strategies import Settings, walks
from model_utils.decoding.networks import ends_of, next_logits_of, read_out, room
from model_utils.queueing import Report
from model_utils.reading import read
from model_utils.types import Model

WANTED = 5


@dataclass(frozen=True)
class Answers:
    """What came of the three calls."""

    refusal: str  # transformers' own words
    greedy: tuple[str, ...]  # our greedy search, run five times over
    beams: tuple[tuple[str, float], ...]  # transformers' five beams: the text after the prompt, and its score
    ours: tuple[tuple[str, float], ...]  # our own


def ask(model: Model, text: str, steps: int, report: Report = lambda fraction, stage: None) -> Answers | None:
    """Ask transformers itself, on this model; None when the text fills the model's context."""
    prompt, ends = read(model, text).ids, ends_of(model)
    steps = min(steps, room(model, prompt))
    if steps < 1:
        return None
    begun = read_out(model, prompt)

    def written(ids: tuple[int, ...]) -> str:
        return read_out(model, ids).removeprefix(begun)

    with model.lock:
        refusal = _refused(model, prompt, steps)
        found = _generate(model, prompt, steps, num_beams=WANTED)
    report(None, "decoding")
    next_logits = next_logits_of(model, lambda: report(None, "decoding"))
    ours = walks(next_logits, prompt, ends, Settings(("beam",), steps, beams=WANTED))
    once = [walks(next_logits, prompt, ends, Settings(("greedy",), steps))[0].ids for _ in range(WANTED)]
    return Answers(
        refusal,
        tuple(written(prompt + ids) for ids in once),
        tuple((written(tuple(ids)), score) for ids, score in found),
        tuple((written(prompt + each.ids), each.score) for each in ours if each.dropped_at is None),
    )


def _refused(model: Model, prompt: tuple[int, ...], steps: int) -> str:
    """The error's own words."""
    try:
        _generate(model, prompt, steps)
    except ValueError as error:
        return str(error)
    return ""


def _generate(model: Model, prompt: tuple[int, ...], steps: int, **how: object) -> list[tuple[list[int], float]]:
    """transformers' own search, with nothing drawn: five sequences with their scores."""
    ids = torch.tensor([prompt], device=model.device)
    ends = sorted(ends_of(model)) or None
    with torch.no_grad():
        found = model.network.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, num_return_sequences=WANTED,
            max_new_tokens=steps, eos_token_id=ends, pad_token_id=ends[0] if ends else 0,
            return_dict_in_generate=True, output_scores=True, **how,
        )  # fmt: skip
    return list(zip(found.sequences.tolist(), found.sequences_scores.tolist(), strict=True))
