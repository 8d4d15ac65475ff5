"""The one attention function that every traced model runs, and the hooks that can take its positions away.

Registered with transformers under the name CLEARHEAD, it computes what the eager functions of the families compute, in
the same order, so that the logits are the same to the last bit; beside that it fills the Recording of the run. The
Recording travels in a context variable: each thread sees its own, and a model called outside a trace is simply eager.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import eager_mask

from model_utils.errors import ModelError
from model_utils.interventions import HeadOff, Intervention, OwnMask, PositionsOff, Unmasked, Unscaled
from model_utils.types import AttentionKind

CLEARHEAD = "clearhead"


class AttentionCall(NamedTuple):
    """What passed through one attention module, on the device, for the whole batch."""

    module: nn.Module
    kind: AttentionKind
    layer: int
    scaling: float
    queries: Tensor  # (B, H, T, D)
    keys: Tensor  # (B, H, S, D)
    values: Tensor  # (B, H, S, D)
    attn_scores: Tensor  # (B, H, T, S)
    mask: Tensor | None  # (B or 1, H or 1, T, S), added to the scores: 0 = visible; None = all visible
    attn_weights: Tensor  # (B, H, T, S)


@dataclass(frozen=True)
class Recording:
    """One forward pass while it happens: what is asked of it, and what it has left so far.

    `kinds` says of each attention module what it is; `real` (B, T) marks the tokens that are not padding.
    """

    kinds: Mapping[nn.Module, AttentionKind]
    interventions: tuple[Intervention, ...] = ()
    real: Tensor | None = None
    calls: list[AttentionCall] = field(default_factory=list)
    positions_silenced: list[str] = field(default_factory=list)


_recording: ContextVar[Recording | None] = ContextVar("clearhead_recording", default=None)


@contextmanager
def recording(run: Recording) -> Iterator[Recording]:
    """Let the attention of this thread's forward passes be recorded in `run`."""
    token = _recording.set(run)
    try:
        yield run
    finally:
        _recording.reset(token)


def traced_attention(
    module: nn.Module,
    query: Tensor,  # (B, H, T, D)
    key: Tensor,  # (B, H or fewer, S, D)
    value: Tensor,  # (B, H or fewer, S, D)
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    softcap: float | None = None,
    position_bias: Tensor | None = None,
    **_: Any,
) -> tuple[Tensor, Tensor]:
    """softmax(q k^T scaling + bias + mask) v, as transformers' eager functions have it.

    Returns the mixed values (B, T, H, D) and the weights (B, H, T, S).
    """
    run = _recording.get()
    kind, layer = _site(run, module)
    scaling = query.size(-1) ** -0.5 if scaling is None else scaling
    if run and run.interventions:
        scaling = 1.0 if _asked(run, Unscaled, layer) else scaling
        position_bias = _bias(run, position_bias)
        attention_mask = _mask(run, kind, layer, attention_mask, query, key)
    groups = query.size(1) // key.size(1)  # grouped-query heads share keys: repeat them
    if groups > 1:
        key, value = key.repeat_interleave(groups, dim=1), value.repeat_interleave(groups, dim=1)
    scores = torch.matmul(query, key.transpose(2, 3)) * scaling  # (B, H, T, S)
    if softcap is not None:
        scores = torch.tanh(scores / softcap) * softcap
    if position_bias is not None:
        scores = scores + position_bias
    masked = scores if attention_mask is None else scores + attention_mask
    weights = nn.functional.softmax(masked, dim=-1, dtype=torch.float32).to(query.dtype)
    used = nn.functional.dropout(weights, p=dropout) if module.training else weights
    mixed = torch.matmul(used, value)  # (B, H, T, D)
    if run:
        mixed = _without_heads(run, kind, layer, mixed) if run.interventions else mixed
        call = AttentionCall(module, kind, layer, float(scaling), query, key, value, scores, attention_mask, weights)
        run.calls.append(call)
    return mixed.transpose(1, 2).contiguous(), weights


def _site(run: Recording | None, module: nn.Module) -> tuple[AttentionKind, int]:
    """The kind of attention and its layer: the count of earlier calls of that kind, since ALBERT reuses one module."""
    kind = run.kinds.get(module, "self") if run else "self"
    return kind, sum(call.kind == kind for call in run.calls) if run else 0


def _asked(run: Recording, switch: type, layer: int) -> Any | None:
    """The last intervention of this type that concerns this layer."""
    asked = [i for i in run.interventions if isinstance(i, switch) and i.layer in (None, layer)]
    return asked[-1] if asked else None


def _bias(run: Recording, position_bias: Tensor | None) -> Tensor | None:
    """T5 tells positions by a bias on the scores only: without it they are off."""
    if position_bias is None or PositionsOff() not in run.interventions:
        return position_bias
    run.positions_silenced.append("position_bias")
    return None


def _mask(
    run: Recording, kind: AttentionKind, layer: int, mask: Tensor | None, query: Tensor, key: Tensor
) -> Tensor | None:
    """The mask to add, after Unmasked and OwnMask, which concern the run's own tokens (kind "self") only."""
    if kind != "self":
        return mask
    hidden = torch.finfo(query.dtype).min
    if _asked(run, Unmasked, layer):
        mask = None if run.real is None else (~run.real).to(query.dtype)[:, None, None, :] * hidden  # (B, 1, 1, S)
    own = _asked(run, OwnMask, layer)
    if own is None:
        return mask
    T, S = query.size(2), key.size(2)
    base = torch.ones(1, 1, T, S, dtype=torch.bool) if mask is None else (mask > hidden / 2).cpu().expand(-1, 1, T, S)
    return (~painted(own, base)).to(query.device, query.dtype) * hidden


def painted(own: OwnMask, base: Tensor) -> Tensor:
    """Lay the painted mask over the model's own: base (B, 1, T, S) bool -> the same shape. No row is left empty."""
    visible = base.clone()
    T, S = visible.shape[-2:]
    for t, row in enumerate(own.visible[:T]):
        if row:
            visible[..., t, : len(row[:S])] = torch.tensor(row[:S], dtype=torch.bool)
    empty = ~visible.any(dim=-1, keepdim=True)  # (B, 1, T, 1)
    return visible | (empty & torch.eye(T, S, dtype=torch.bool))


def _without_heads(run: Recording, kind: AttentionKind, layer: int, mixed: Tensor) -> Tensor:
    """Zero what the switched-off heads would write: mixed (B, H, T, D)."""
    heads = [i.head for i in run.interventions if isinstance(i, HeadOff) and (i.kind, i.layer) == (kind, layer)]
    if not heads:
        return mixed
    if not all(0 <= head < mixed.size(1) for head in heads):
        raise ModelError("no_such_head", layer=layer, head=max(heads), heads=mixed.size(1))
    keep = torch.ones(mixed.size(1), dtype=mixed.dtype, device=mixed.device)
    keep[heads] = 0
    return mixed * keep[:, None, None]


def make_positions_switchable(network: nn.Module) -> None:
    """Hook the modules that know positions, once, before the model is shared.

    The hooks look at the running thread's Recording and otherwise do nothing, so nobody else's pass is touched.
    """
    for name, module in network.named_modules():
        if "RotaryEmbedding" in type(module).__name__:
            _hook(module, _no_rotation)
        elif name.rpartition(".")[2] in {"wpe", "position_embeddings", "embed_positions", "position_embedding"}:
            _hook(module, _no_embedding)


def _hook(module: nn.Module, hook: Callable[..., Any]) -> None:
    if hook not in module._forward_hooks.values():  # shared modules, and networks that are made ready twice
        module.register_forward_hook(hook)


def _silenced(module: nn.Module) -> bool:
    run = _recording.get()
    if run is None or PositionsOff() not in run.interventions:
        return False
    run.positions_silenced.append(type(module).__name__)
    return True


def _no_rotation(module: nn.Module, _: Any, cos_sin: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor] | None:
    """Turn by no angle at all: cos = 1, sin = 0."""
    cos, sin = cos_sin
    return (torch.ones_like(cos), torch.zeros_like(sin)) if _silenced(module) else None


def _no_embedding(module: nn.Module, _: Any, vectors: Tensor) -> Tensor | None:
    """Add nothing for the position."""
    return torch.zeros_like(vectors) if _silenced(module) else None


AttentionInterface.register(CLEARHEAD, traced_attention)
AttentionMaskInterface.register(CLEARHEAD, eager_mask)
