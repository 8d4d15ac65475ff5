"""A recurrent language model as transformers knows models: layers of LSTM between an embedding and the same table.

Importing this registers it with AutoConfig and AutoModelForCausalLM, so that a folder of it opens like any other.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast

from model_utils.types import Floats

State = tuple[tuple[Tensor, Tensor], ...]  # of each layer: h (1, B, C) and c (1, B, C)


class LstmConfig(PreTrainedConfig):
    """The shape of an LSTM; max_position_embeddings is the longest text it was shown, since it has no positions."""

    model_type = "clearhead_lstm"

    vocab_size: int = 1024
    hidden_size: int = 256
    num_hidden_layers: int = 2
    max_position_embeddings: int = 128
    initializer_range: float = 0.05
    bos_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 0
    pad_token_id: int | None = None
    tie_word_embeddings: bool = True


class _Body(nn.Module):
    """An embedding, and L layers of LSTM as wide as it."""

    def __init__(self, config: LstmConfig) -> None:
        super().__init__()
        C = config.hidden_size
        self.embed_tokens = nn.Embedding(config.vocab_size, C)
        self.layers = nn.ModuleList(nn.LSTM(C, C, batch_first=True) for _ in range(config.num_hidden_layers))


class LstmForCausalLM(PreTrainedModel):
    """P(next token) from everything that was read, one token after the other, through a state of fixed size."""

    config_class = LstmConfig
    base_model_prefix = "model"
    _tied_weights_keys: ClassVar = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config: LstmConfig) -> None:
        super().__init__(config)
        self.model = _Body(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self) -> nn.Embedding:
        """The table of embeddings (V, C)."""
        return self.model.embed_tokens

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        past_key_values: State | None = None,
        labels: Tensor | None = None,
        use_cache: bool = False,
        output_hidden_states: bool = False,
        **_: object,
    ) -> CausalLMOutputWithPast:
        """input_ids (B, T) -> logits (B, T, V); hidden_states are the embedding and each layer's h, (B, T, C).

        `past_key_values` is the State after what was read before: it stands where a Transformer has keys and values.
        Padding goes to the right, where a network that reads from the left has nothing to hide: the mask changes
        nothing. `labels` (B, T) are shifted here, -100 is no target.
        """
        states = [self.model.embed_tokens(input_ids)]  # (B, T, C)
        carried = []
        for number, layer in enumerate(self.model.layers):
            h, state = layer(states[-1], past_key_values[number] if past_key_values else None)
            states.append(h)
            carried.append(state)
        logits = self.lm_head(states[-1])
        return CausalLMOutputWithPast(
            loss=None if labels is None else F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten()),
            logits=logits,
            past_key_values=tuple(carried) if use_cache else None,
            hidden_states=tuple(states) if output_hidden_states else None,
        )


@dataclass(frozen=True, eq=False)
class States:
    """Everything inside an LSTM while it read T tokens, (L, T, C) each.

    `kept` is how much of the old cell stays (the forget gate), `written` how much of the `proposed` enters it (the
    input gate), `shown` how much of the cell leaves as h (the output gate); gates are between 0 and 1.
    """

    h: Floats
    c: Floats
    written: Floats
    kept: Floats
    shown: Floats
    proposed: Floats


@torch.no_grad()
def states(network: LstmForCausalLM, token_ids: list[int]) -> States:
    r"""What each gate did at each token, computed from the weights:

    \(i, f, o = \sigma(W x_t + U h_{t-1} + b)\), \(g = \tanh(\dots)\), \(c_t = f c_{t-1} + i g\), \(h_t = o \tanh c_t\).
    Source: Hochreiter and Schmidhuber 1997; the forget gate: Gers, Schmidhuber and Cummins 2000.
    """
    x = network.get_input_embeddings()(torch.tensor(token_ids))  # (T, C)
    layers = []
    for layer in network.model.layers:
        layers.append(_layer_states(layer, x))
        x = layers[-1][0]
    return States(*(np.stack([layer[part].numpy() for layer in layers]) for part in range(6)))


def _layer_states(layer: nn.LSTM, x: Tensor) -> tuple[Tensor, ...]:
    """x (T, C) -> h, c, input gate, forget gate, output gate, proposed values, (T, C) each."""
    h = c = x.new_zeros(layer.hidden_size)
    rows = []
    for x_t in x:
        sums = layer.weight_ih_l0 @ x_t + layer.weight_hh_l0 @ h + layer.bias_ih_l0 + layer.bias_hh_l0  # (4 C,)
        i, f, g, o = sums.chunk(4)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        c = f * c + i * g
        h = o * c.tanh()
        rows.append((h, c, i, f, o, g))
    return tuple(torch.stack(part) for part in zip(*rows, strict=True))


AutoConfig.register(LstmConfig.model_type, LstmConfig, exist_ok=True)
AutoModelForCausalLM.register(LstmConfig, LstmForCausalLM, exist_ok=True)
