"""Try a network once before it is shared: does it work, is its attention traced, which module attends to what?"""

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from model_utils.attention import CLEARHEAD, Recording, make_positions_switchable, recording
from model_utils.errors import ModelError
from model_utils.reading import readable_vocabulary
from model_utils.types import AttentionKind, Model, ModelKind

_TRACE_BYTES = 128_000_000  # a trace of the longest text takes about this much
_SAME = 1e-4  # two orders of addition of the same float32 numbers differ less


def as_model(network: Any, tokenizer: Any, model_id: str, kind: ModelKind) -> Model:
    """Make a network ready to be traced and shared; for networks that were trained here as well as loaded ones.

    Raises ModelError "broken_weights" when the network does not run or was half loaded, "unsupported_attention" when
    its attention does not pass through the traced function, or would not be the same in it.
    """
    network = network.eval().requires_grad_(False)
    try:
        network.set_attn_implementation(CLEARHEAD)
        whole = _whole(network)
        kinds = _attention_kinds(network, kind) if whole else {}
        apart = _distance_from_eager(network, kind) if kinds else 0.0
    except Exception as error:  # a network that cannot read three tokens
        raise ModelError("broken_weights", model=model_id) from error
    if not whole:
        raise ModelError("broken_weights", model=model_id)
    if not (kinds or kind == "recurrent") or not apart < _SAME:
        raise ModelError("unsupported_attention", model=model_id, family=str(network.config.model_type))
    make_positions_switchable(network)
    return Model(
        id=model_id,
        kind=kind,
        network=network,
        tokenizer=tokenizer,
        vocabulary=readable_vocabulary(tokenizer, network.get_input_embeddings().num_embeddings),
        device=str(next(network.parameters()).device.type),
        lock=threading.RLock(),
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        max_tokens=_max_tokens(network, tokenizer, kind, len(kinds)),
        attention_kinds=kinds,
    )


def _whole(network: Any) -> bool:
    """No parameter was left without values, and weights that are to be one are one."""
    tied = network.all_tied_weights_keys.items()
    together = all(network.get_parameter(one) is network.get_parameter(other) for one, other in tied)
    return together and not any(tensor.is_meta for tensor in (*network.parameters(), *network.buffers()))


def _probe_inputs(network: Any, kind: ModelKind) -> dict[str, Tensor]:
    """Three source tokens; two decoder tokens, so that cross-attention shows by T != S."""
    device = next(network.parameters()).device
    size = network.get_input_embeddings().num_embeddings
    ids = torch.tensor([[1 % size, 2 % size, 3 % size]], device=device)
    return {"input_ids": ids} | ({"decoder_input_ids": ids[:, :2]} if kind == "seq2seq" else {})


def _attention_kinds(network: Any, kind: ModelKind) -> Mapping[nn.Module, AttentionKind]:
    """Run the network once; note which modules attended, and to what: nothing, when a layer's attention was not seen.

    A layer whose attention passes by unseen would shift the numbers of those after it.
    """
    encoder = set(network.get_encoder().modules()) if kind == "seq2seq" else set()
    with torch.inference_mode(), recording(Recording({})) as run:
        output = network(**_probe_inputs(network, kind), output_hidden_states=True, use_cache=False)
    kinds: list[tuple[nn.Module, AttentionKind]] = []
    for call in run.calls:
        T, S = call.attn_scores.shape[-2:]
        kinds.append((call.module, "encoder" if call.module in encoder else "self" if T == S else "cross"))
    sides = {"self": "decoder_hidden_states", "cross": "decoder_hidden_states", "encoder": "encoder_hidden_states"}
    sides = sides if kind == "seq2seq" else {"self": "hidden_states"}
    seen = Counter(kind for _, kind in kinds)
    return dict(kinds) if seen == {kind: len(output[states]) - 1 for kind, states in sides.items()} else {}


def _distance_from_eager(network: Any, kind: ModelKind) -> float:
    """How far what comes out is from what the family's own eager attention gives; the largest absolute difference."""
    outputs = []
    for implementation in ("eager", CLEARHEAD):
        network.set_attn_implementation(implementation)
        with torch.inference_mode():
            outputs.append(network(**_probe_inputs(network, kind), use_cache=False)[0])
    return float((outputs[0] - outputs[1]).abs().max())


def _max_tokens(network: Any, tokenizer: Any, kind: ModelKind, modules: int) -> int:
    """The longest text: what the positions reach, what the tokenizer allows, and what a trace may take in memory."""
    config = network.config
    positions = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None) or 512
    offsets = [  # RoBERTa's tables begin after the padding id
        module.padding_idx + 1
        for name, module in network.named_modules()
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None
    ]
    longest = min(positions - max(offsets, default=0), tokenizer.model_max_length)
    # Scores and weights are T x T for each head, logits T x V: solve a T^2 + b T = budget for T.
    if kind == "recurrent":
        return longest
    a = 8.0 * config.num_attention_heads * max(modules, config.num_hidden_layers)
    b = 0.0 if kind == "encoder" else 4.0 * network.get_input_embeddings().num_embeddings
    return max(1, min(longest, int((-b + (b * b + 4 * a * _TRACE_BYTES) ** 0.5) / (2 * a))))
