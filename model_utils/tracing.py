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
from model_utils.translating import special_ids, spelled
from model_utils.types import AttentionTrace, Floats, Model, Trace

_HIDDEN = float(np.finfo(np.float32).min) / 2  # what a mask adds where nothing may be seen is below this


def trace(
    model: Model,
    text: str,
    interventions: Sequence[Intervention] = (),
    target_text: str | None = None,
    target_ids: Sequence[int] | None = None,
) -> Trace:
    """Run `model` once over `text` and keep everything.

    A sequence-to-sequence model reads `text` in its encoder, and its start token then `target_text` in its decoder, or
    exactly the tokens `target_ids`, such as a Translation has: a text need not be encoded to the ids that spelled it.
    Raises ModelError "empty_text", "no_such_head", "no_such_layer", "no_positions" or, for a switch in a model without
    attention, "other_kind".
    """
    reading = read(model, text)
    target = _target(model, target_text, target_ids) if model.kind == "seq2seq" else None
    return _traces(model, [reading], None, target, tuple(interventions))[0]


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
    target = _target(model) if model.kind == "seq2seq" else None
    return _traces(model, padded, seen, target, tuple(interventions), extra)


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
    target: Reading | None,
    interventions: tuple[Intervention, ...],
    extra: dict[str, Tensor] | None = None,
) -> tuple[Trace, ...]:
    """One forward pass over readings of equal length, and a Trace of each row; `extra` goes to the network as it is."""
    source_ids = torch.tensor([reading.ids for reading in readings], device=model.device)  # (B, T)
    real = None if real is None else real.to(model.device)
    inputs: dict[str, Any] = {"input_ids": source_ids, "output_hidden_states": True, "use_cache": False}
    inputs |= extra or {}
    inputs |= {} if real is None else {"attention_mask": real.long()}
    if target is not None:
        inputs["decoder_input_ids"] = torch.tensor([target.ids] * len(readings), device=model.device)
    run = Recording(model.attention_kinds, interventions, real=None if target else real)
    started = time.perf_counter()
    with torch.inference_mode(), recording(run):
        output = model.network(**inputs)
    batch = _batch(run, output)
    arrays = [_row(batch, row) for row in range(len(readings))]
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


def _target(model: Model, text: str | None = None, ids: Sequence[int] | None = None) -> Reading:
    """What the decoder reads: the start token, then the target without its end: row t predicts target token t."""
    start = special_ids(model, "decoder_start_token_id")[0]
    if not text and not ids:
        return Reading("", (start,), (model.vocabulary[start],), ((0, 0),), 0)
    reading = read(model, text, target=True) if ids is None else spelled(model, ids)
    ends = reading.ids[-1:] == (model.tokenizer.eos_token_id,)
    keep = min(len(reading.ids) - ends, model.max_tokens - 1)
    return replace(
        reading,
        ids=(start, *reading.ids[:keep]),
        tokens=(model.vocabulary[start], *reading.tokens[:keep]),
        spans=((0, 0), *reading.spans[:keep]),
    )


def _batch(run: Recording, output: Any) -> dict[str, Any]:
    """Everything the pass left as arrays, the whole batch at once: each tensor leaves its device one time."""
    decoder = getattr(output, "decoder_hidden_states", None)
    encoder = getattr(output, "encoder_hidden_states", None) if decoder is not None else None
    logits = getattr(output, "logits", None)
    visible = {site: _visible(call) for site, call in {_mask_of(call): call for call in run.calls}.items()}
    return {
        "hidden_states": _array(torch.stack(output.hidden_states if decoder is None else decoder)),  # (L+1, B, T, C)
        "encoder_hidden_states": None if encoder is None else _array(torch.stack(encoder)),
        "logits": None if logits is None else _array(logits),
        "attentions": [(call, *_arrays(call), visible[_mask_of(call)]) for call in run.calls],
    }


def _row(batch: dict[str, Any], row: int) -> dict[str, Any]:
    """The arrays of one row of the batch, as the fields of a Trace."""
    encoder, logits = batch["encoder_hidden_states"], batch["logits"]
    return {
        "hidden_states": batch["hidden_states"][:, row],
        "encoder_hidden_states": None if encoder is None else encoder[:, row],
        "logits": None if logits is None else logits[row],
        "attentions": tuple(
            AttentionTrace(
                call.layer, call.kind, queries[row], keys[row], values[row],
                scores[row], visible[row], weights[row], call.scaling,
            )
            for call, queries, keys, values, scores, weights, visible in batch["attentions"]
        ),
    }  # fmt: skip


def _arrays(call: AttentionCall) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """What passed through one attention module: queries, keys, values, scores and weights, (B, H, ...) each."""
    tensors = call.queries, call.keys, call.values, call.attn_scores, call.attn_weights
    return tuple(map(_array, tensors))


def _mask_of(call: AttentionCall) -> tuple[int, torch.Size]:
    """Tells masks apart; "everything is visible" has as many shapes as there are kinds of attention."""
    return id(call.mask), call.attn_scores.shape


def _visible(call: AttentionCall) -> np.ndarray:
    """(B, T, S): what may be looked at. Layers that share a mask share this array."""
    B, _, T, S = call.attn_scores.shape
    if call.mask is None:
        return np.ones((B, T, S), dtype=np.bool_)
    seen = (_array(call.mask) > _HIDDEN).any(axis=1)  # (B or 1, T or 1, S)
    return seen if seen.shape == (B, T, S) else np.broadcast_to(seen, (B, T, S)).copy()


def _array(values: Tensor) -> Floats:
    if values.dtype is torch.float32 and values.is_cpu:
        return values.numpy()  # nothing to convert: on a small network three calls a tensor can be felt
    return values.float().cpu().numpy()


def _check_interventions(run: Recording) -> None:
    """Say so when a switch found nothing to switch, rather than show an unchanged model as a broken one."""
    if run.interventions and not run.kinds:  # every switch is about attention, or about telling it places
        raise ModelError("other_kind")
    layers = {call.layer for call in run.calls}
    for switch in run.interventions:
        layer = getattr(switch, "layer", None)
        if layer is not None and layer not in layers:
            raise ModelError("no_such_layer", layer=layer, layers=len(layers))
    if PositionsOff() in run.interventions and not run.positions_silenced:
        raise ModelError("no_positions")
