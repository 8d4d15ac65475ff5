"""Let a model write, one likeliest token at a time: freely, after words put into its mouth, or with heads off.

Every step is a whole forward pass, so that it works for every family and under every switch; texts here are short.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from model_utils.attention import Recording, recording
from model_utils.interventions import HeadOff, Intervention
from model_utils.queueing import Report
from model_utils.reading import read
from model_utils.translating import special_ids
from model_utils.types import Model, Trace


@dataclass(frozen=True)
class Line:
    """What was written: N token ids, their readable tokens, and whether the model ended by itself."""

    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    ended: bool


def translate_from(
    model: Model, text: str, begun: Sequence[int] = (), switches: Sequence[Intervention] = (), most: int = 48,
    report: Report = lambda fraction, stage: None,
) -> Line:  # fmt: skip
    """The translation of `text` that opens with the tokens `begun`, which the model need not have wanted.

    From an empty beginning and with no switch it is what `model_utils.translating.translate` writes.
    """
    source = torch.tensor([read(model, text).ids], device=model.device)  # (1, S)
    start, forced = special_ids(model, "decoder_start_token_id")[0], special_ids(model, "forced_bos_token_id")
    pads = special_ids(model, "pad_token_id")

    def next_id(ids: list[int]) -> int:
        if forced and not ids:
            return forced[0]
        target = torch.tensor([[start, *ids]], device=model.device)  # (1, T)
        return _likeliest(model, switches, pads, input_ids=source, decoder_input_ids=target)

    return _written(model, list(begun), most, next_id, report)


def go_on(model: Model, ids: Sequence[int], most: int, report: Report = lambda fraction, stage: None) -> Line:
    """How a model goes on after `ids`: a causal one from its last place, a masked one by filling a blank put there.

    Only what is new is returned. A masked model keeps the closing tokens that its tokenizer sets behind a text.
    """
    mask = model.tokenizer.mask_token_id if model.kind == "masked" else None
    closing = _closing(model, ids) if mask is not None else []
    opening = list(ids[: len(ids) - len(closing)])
    room = max(0, min(most, model.max_tokens - len(ids) - (mask is not None)))

    def next_id(written: list[int]) -> int:
        blank = [] if mask is None else [mask, *closing]
        row = torch.tensor([[*opening, *written, *blank]], device=model.device)  # (1, T)
        return _likeliest(model, (), place=-1 - len(closing), input_ids=row)

    return _written(model, [], room, next_id, report)


def cross_off(run: Trace) -> tuple[HeadOff, ...]:
    """The switches that silence every head with which the decoder looks at the source."""
    cross = [attention for attention in run.attentions if attention.kind == "cross"]
    return tuple(HeadOff(one.layer, head, "cross") for one in cross for head in range(len(one.attn_weights)))


def _written(
    model: Model, ids: list[int], most: int, next_id: Callable[[list[int]], int], report: Report
) -> Line:  # fmt: skip
    """Go on from `ids` until the model ends, or `most` tokens stand there."""
    ends, room = special_ids(model, "eos_token_id"), min(most, model.max_tokens - 1)
    ended = any(one in ends for one in ids)
    while not ended and len(ids) < room:
        report(len(ids) / room, "forward")
        ids.append(next_id(ids))
        ended = ids[-1] in ends
    return Line(tuple(ids), tuple(model.vocabulary[one] for one in ids), ended)


def _likeliest(
    model: Model, switches: Sequence[Intervention], never: Sequence[int] = (), place: int = -1, **inputs: torch.Tensor
) -> int:
    """The id with the largest logit at one place, but for those that are never written."""
    with torch.inference_mode(), recording(Recording(model.attention_kinds, tuple(switches))):
        logits = model.network(**inputs, use_cache=False).logits[0, place]  # (V,)
        logits[list(never)] = -torch.inf
        return int(logits.argmax())


def _closing(model: Model, ids: Sequence[int]) -> list[int]:
    """The special tokens at the end of `ids`, such as [SEP]."""
    specials, end = set(model.tokenizer.all_special_ids) - {model.tokenizer.mask_token_id}, len(ids)
    while end > 0 and ids[end - 1] in specials:
        end -= 1
    return list(ids[end:])
