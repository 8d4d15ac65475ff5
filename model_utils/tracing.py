"""trace(model, text) -> Trace: everything that happened in one forward pass.

A Trace depends on (model id, text, interventions, target text) alone, so it can come from this process, from a cache,
or from another machine. Nothing about the shared model is changed: the run's Recording travels in a context variable.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from inspect import signature
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from model_utils.attention import AttentionCall, Recording, recording
from model_utils.errors import ModelError
from model_utils.interventions import Intervention, PositionsOff
from model_utils.reading import Reading, read
from model_utils.types import AttentionTrace, Floats, Model, Trace


def trace(model: Model, text: str, interventions: Sequence[Intervention] = (), target_text: str | None = None) -> Trace:
    """Run `model` once over `text` and keep everything.

    A sequence-to-sequence model reads `text` in its encoder, and its start token then `target_text` in its decoder.
    Raises ModelError "empty_text", "no_such_head", "no_such_layer" or "no_positions".
    """
    reading = read(model, text)
    return _traces(model, [reading], None, target_text, tuple(interventions))[0]


def trace_batch(
    model: Model,
    texts: Sequence[str],
    padding_side: Literal["right", "left"] = "right",
    padding_mask: bool = True,
    interventions: Sequence[Intervention] = (),
    positions: Literal["columns", "words"] = "columns",
) -> tuple[Trace, ...]:
    """Run `model` once over several texts, padded to the longest: a really ragged batch.

    Padding stays in every Trace, so that what it does can be seen; with `padding_mask=False` the model is not told
    which tokens are padding. Position ids are the model's own default: most families count from the first column,
    padding or not, so padding on the left shifts the words; `positions="words"` counts from the first real token
    instead (causal models only; ModelError "no_positions" where the model takes none). A sequence-to-sequence
    model pads the source, and its decoder reads the start token.
    """
    if not texts:
        raise ModelError("empty_text")
    readings = [read(model, text) for text in texts]
    width = max(len(reading.ids) for reading in readings)
    padded = [_padded(model, reading, width, padding_side) for reading in readings]
    missing = [width - len(reading.ids) for reading in readings]
    column = torch.arange(width) if padding_side == "right" else torch.arange(width - 1, -1, -1)
    real = column < torch.tensor([[width - n] for n in missing])  # (B, T)
    seen = real if padding_mask else torch.ones_like(real)
    extra = _counted(model, real) if positions == "words" else {}
    return _traces(model, padded, seen, None, tuple(interventions), extra)


def _counted(model: Model, real: Tensor) -> dict[str, Tensor]:
    """Position ids that count real tokens: real (B, T) -> (B, T), 0 for the first one and for padding before it."""
    if model.kind != "causal" or "position_ids" not in signature(model.network.forward).parameters:
        raise ModelError("no_positions")
    return {"position_ids": (real.long().cumsum(dim=-1) - 1).clamp(min=0).to(model.device)}


def _padded(model: Model, reading: Reading, width: int, side: str) -> Reading:
    """The reading made `width` long; a tokenizer with no padding token of its own pads with its end, or with id 0."""
    tokenizer = model.tokenizer
    shared = tokenizer.pad_token_id in (tokenizer.bos_token_id, tokenizer.eos_token_id)
    own = None if shared else tokenizer.pad_token_id
    pad = own if own is not None else tokenizer.eos_token_id or 0
    n = width - len(reading.ids)
    ids, tokens, spans = (pad,) * n, ("<pad>" if own is None else model.vocabulary[own],) * n, ((0, 0),) * n
    if side == "left":
        return replace(reading, ids=ids + reading.ids, tokens=tokens + reading.tokens, spans=spans + reading.spans)
    return replace(reading, ids=reading.ids + ids, tokens=reading.tokens + tokens, spans=reading.spans + spans)


def _traces(
    model: Model,
    readings: list[Reading],
    real: Tensor | None,  # (B, T) bool
    target_text: str | None,
    interventions: tuple[Intervention, ...],
    extra: dict[str, Tensor] | None = None,
) -> tuple[Trace, ...]:
    """One forward pass over readings of equal length, and a Trace of each row; `extra` goes to the network as it is."""
    source_ids = torch.tensor([reading.ids for reading in readings], device=model.device)  # (B, T)
    real = None if real is None else real.to(model.device)
    inputs: dict[str, Any] = {"input_ids": source_ids, "output_hidden_states": True, "use_cache": False}
    inputs |= extra or {}
    inputs |= {} if real is None else {"attention_mask": real.long()}
    target = _target(model, target_text) if model.kind == "seq2seq" else None
    if target is not None:
        inputs["decoder_input_ids"] = torch.tensor([target.ids] * len(readings), device=model.device)
    run = Recording(model.attention_kinds, interventions, real=None if target else real)
    started = time.perf_counter()
    with torch.inference_mode(), recording(run):
        output = model.network(**inputs)
    arrays = [_row(run, output, row) for row in range(len(readings))]
    seconds = time.perf_counter() - started
    _check_interventions(run)
    return tuple(
        _trace(model, reading, target, interventions, seconds, parts)
        for reading, parts in zip(readings, arrays, strict=True)
    )


def _trace(
    model: Model,
    source: Reading,
    target: Reading | None,
    interventions: tuple[Intervention, ...],
    seconds: float,
    arrays: dict[str, Any],
) -> Trace:
    """Put the words of one row beside its numbers."""
    own = target or source
    return Trace(
        model_id=model.id,
        model_kind=model.kind,
        text=source.text,
        tokens=own.tokens,
        token_ids=np.array(own.ids, dtype=np.int64),
        spans=own.spans,
        interventions=interventions,
        device=model.device,
        seconds=seconds,
        tokens_cut=source.cut + (target.cut if target else 0),
        target_text=target.text if target else None,
        source_tokens=source.tokens if target else None,
        source_spans=source.spans if target else None,
        **arrays,
    )


def _target(model: Model, target_text: str | None) -> Reading:
    """What the decoder reads: the start token, then the target without its end: row t predicts target token t."""
    config = model.network.generation_config, model.network.config
    start = next(s for c in config if (s := getattr(c, "decoder_start_token_id", None)) is not None)
    if not target_text:
        return Reading("", (start,), (model.vocabulary[start],), ((0, 0),), 0)
    reading = read(model, target_text, target=True)
    ends = reading.ids[-1:] == (model.tokenizer.eos_token_id,)
    keep = len(reading.ids) - 1 if ends or len(reading.ids) == model.max_tokens else len(reading.ids)
    return replace(
        reading,
        ids=(start, *reading.ids[:keep]),
        tokens=(model.vocabulary[start], *reading.tokens[:keep]),
        spans=((0, 0), *reading.spans[:keep]),
    )


def _row(run: Recording, output: Any, row: int) -> dict[str, Any]:
    """The arrays of one row of the batch, as the fields of a Trace."""
    decoder = getattr(output, "decoder_hidden_states", None)
    encoder = getattr(output, "encoder_hidden_states", None) if decoder is not None else None
    logits = getattr(output, "logits", None)
    return {
        "hidden_states": _stacked(output.hidden_states if decoder is None else decoder, row),
        "encoder_hidden_states": None if encoder is None else _stacked(encoder, row),
        "logits": None if logits is None else _array(logits[row]),
        "attentions": tuple(_attention(call, row) for call in run.calls),
    }


def _attention(call: AttentionCall, row: int) -> AttentionTrace:
    """One row of what passed through one attention module."""
    T, S = call.attn_scores.shape[-2:]
    visible = np.ones((T, S), dtype=np.bool_)
    if call.mask is not None:
        mask = call.mask[row if call.mask.size(0) > 1 else 0]  # (1 or H, T or 1, S)
        seen = (mask > torch.finfo(mask.dtype).min / 2).any(dim=0)  # (T or 1, S)
        visible = seen.expand(T, S).cpu().numpy().copy()
    return AttentionTrace(
        layer=call.layer,
        kind=call.kind,
        queries=_array(call.queries[row]),
        keys=_array(call.keys[row]),
        values=_array(call.values[row]),
        attn_scores=_array(call.attn_scores[row]),
        visible=visible,
        attn_weights=_array(call.attn_weights[row]),
        scaling=call.scaling,
    )


def _stacked(hidden_states: Sequence[Tensor], row: int) -> Floats:
    """L+1 tensors of (B, T, C) -> one row as (L+1, T, C)."""
    return _array(torch.stack([states[row] for states in hidden_states]))


def _array(values: Tensor) -> Floats:
    return values.float().cpu().numpy()


def _check_interventions(run: Recording) -> None:
    """Say so when a switch found nothing to switch, rather than show an unchanged model as a broken one."""
    layers = {call.layer for call in run.calls}
    for switch in run.interventions:
        layer = getattr(switch, "layer", None)
        if layer is not None and layer not in layers:
            raise ModelError("no_such_layer", layer=layer, layers=len(layers))
    if PositionsOff() in run.interventions and not run.positions_silenced:
        raise ModelError("no_positions")
