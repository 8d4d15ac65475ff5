"""What one forward pass leaves behind: plain frozen values, numpy only, picklable.

B batch, T query tokens, S key tokens, C model width, H heads, D head width, L layers, V vocabulary.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model_utils.interventions import Intervention

Floats = NDArray[np.float32]
ModelKind = Literal["causal", "masked", "seq2seq", "encoder", "recurrent"]
AttentionKind = Literal["self", "cross", "encoder"]


@dataclass(frozen=True, eq=False)
class AttentionTrace:
    """One attention module in one forward pass.

    `kind` is "self" for the tokens of the run looking at each other, "cross" for decoder tokens looking at
    source tokens, "encoder" for source tokens looking at each other (sequence-to-sequence models only).
    Queries and keys are those that were multiplied: after the rotary turn; grouped queries have their keys repeated.
    `attn_scores` = queries @ keys^T * scaling, plus the position bias and under the softcap where the model has them,
    before the mask. `attn_weights` = softmax of `attn_scores` over the visible S; a row of padding that sees nothing
    at all is spread evenly, as Hugging Face has it.
    """

    layer: int
    kind: AttentionKind
    queries: Floats  # (H, T, D)
    keys: Floats  # (H, S, D)
    values: Floats  # (H, S, D)
    attn_scores: Floats  # (H, T, S)
    visible: NDArray[np.bool_]  # (T, S): True = may look
    attn_weights: Floats  # (H, T, S)
    scaling: float


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything that happened in one forward pass over one text.

    `tokens` are readable: a leading space is a space, a byte of an incomplete character is `<0xE4>`.
    `spans` are character offsets of each token in the text; (0, 0) for tokens that are not in it.
    `hidden_states[0]` is what enters the first layer, `hidden_states[L]` what leaves the last (after the final norm, as
    Hugging Face has it). `logits` is None for a plain encoder. A recurrent model has no `attentions`.

    In a sequence-to-sequence model `text` is the source; `tokens`, `spans`, `hidden_states` and `logits` belong to the
    decoder, which reads `target_text`; the encoder's side is in `source_tokens`, `source_spans` and
    `encoder_hidden_states`.
    """

    model_id: str
    model_kind: ModelKind
    text: str
    tokens: tuple[str, ...]  # T
    token_ids: NDArray[np.int64]  # (T,)
    spans: tuple[tuple[int, int], ...]  # T
    hidden_states: Floats  # (L+1, T, C)
    logits: Floats | None  # (T, V)
    attentions: tuple[AttentionTrace, ...]
    interventions: "tuple[Intervention, ...]" = ()
    device: str = "cpu"
    seconds: float = 0.0
    tokens_cut: int = 0
    target_text: str | None = None
    source_tokens: tuple[str, ...] | None = None  # S
    source_spans: tuple[tuple[int, int], ...] | None = None  # S
    encoder_hidden_states: Floats | None = None  # (L+1, S, C)


@dataclass(frozen=True, eq=False)
class Model:
    """A loaded network with its tokenizer, shared by all threads: never change it.

    `lock` is for calls that do not bear company, such as a tokenizer that switches itself to another language; the
    forward pass of a trace needs none. Never pass truncation or padding to the tokenizer: threads share those settings.
    """

    id: str
    kind: ModelKind
    network: Any  # a transformers PreTrainedModel in eval mode, float32
    tokenizer: Any  # a transformers tokenizer
    vocabulary: tuple[str, ...]  # readable string of each id
    device: str
    lock: Any
    parameters: int
    max_tokens: int  # the context, or less where a trace would take more than its memory
    attention_kinds: Mapping[Any, AttentionKind]  # of each attention module
