"""A network's own tables as plain values: read out of a loaded model, never changed.

C model width, F hidden units of the MLP, V vocabulary. Only the shapes of GPT-2 (norm first) and BERT (norm last) are
known; any other family gives None, and the page says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from model_utils.types import Model

Three = tuple[Tensor, Tensor, Tensor]  # of queries, keys and values


@dataclass(frozen=True, eq=False)
class Norm:
    """What a LayerNorm has learnt."""

    gain: Tensor  # (C,)
    shift: Tensor  # (C,)
    epsilon: float


@dataclass(frozen=True, eq=False)
class Attention:
    """The tables of all heads of one layer, side by side."""

    W: Three  # (C, C) each
    b: Three  # (C,) each
    W_out: Tensor  # (C, C)
    b_out: Tensor  # (C,)
    heads: int
    causal: bool


@dataclass(frozen=True, eq=False)
class Mlp:
    """One hidden layer of F units, written back to C numbers."""

    W_in: Tensor  # (C, F)
    b_in: Tensor  # (F,)
    W_out: Tensor  # (F, C)
    b_out: Tensor  # (C,)
    activation: Callable[[Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class Block:
    """One layer. `keep` is how much of the stream goes on: 1, or 0 where the residual is taken out."""

    attention: Attention
    mlp: Mlp
    norm_1: Norm | None  # None: taken out
    norm_2: Norm | None
    keep: float = 1.0


@dataclass(frozen=True, eq=False)
class Network:
    """Everything a forward pass needs. `unembedding` is None where the states are not read out as words."""

    tables: tuple[tuple[str, Tensor], ...]  # name and (rows, C): what is added up before the first block
    tables_norm: Norm | None  # BERT normalises that sum
    blocks: tuple[Block, ...]
    pre_norm: bool
    final_norm: Norm | None
    unembedding: Tensor | None  # (V, C)


def read(model: Model) -> Network | None:
    """The network's tables, or None for a family whose block has other parts."""
    config = model.network.config
    readers = {"gpt2": (_plain_gpt2, _gpt2), "bert": (_plain_bert, _bert)}
    plain, reader = readers.get(getattr(config, "model_type", ""), (None, None))
    return reader(model.network) if plain and plain(config) else None


def _plain_gpt2(config: Any) -> bool:
    return config.scale_attn_weights and not config.scale_attn_by_inverse_layer_idx and not config.add_cross_attention


def _plain_bert(config: Any) -> bool:
    absolute = getattr(config, "position_embedding_type", None) in (None, "absolute")
    return absolute and not getattr(config, "is_decoder", False)


def _gpt2(network: nn.Module) -> Network:
    """GPT-2 keeps the three tables side by side in one, and its tables the right way round."""
    body = network.transformer if hasattr(network, "transformer") else network
    head = network.get_output_embeddings()
    blocks = tuple(
        Block(
            Attention(
                _plain(block.attn.c_attn.weight).chunk(3, dim=1), _plain(block.attn.c_attn.bias).chunk(3),
                _plain(block.attn.c_proj.weight), _plain(block.attn.c_proj.bias), block.attn.num_heads, causal=True,
            ),
            Mlp(
                _plain(block.mlp.c_fc.weight), _plain(block.mlp.c_fc.bias), _plain(block.mlp.c_proj.weight),
                _plain(block.mlp.c_proj.bias), _activation(network.config.activation_function),
            ),
            _norm(block.ln_1),
            _norm(block.ln_2),
        )
        for block in body.h
    )  # fmt: skip
    tables = (("embedding", _plain(body.wte.weight)), ("position", _plain(body.wpe.weight)))
    return Network(tables, None, blocks, True, _norm(body.ln_f), None if head is None else _plain(head.weight))


def _bert(network: nn.Module) -> Network:
    """BERT keeps every table the way torch's Linear has it, transposed; it is not read out word by word."""
    body = network.bert if hasattr(network, "bert") else network
    blocks = tuple(
        Block(
            Attention(
                *_linears(layer.attention.self.query, layer.attention.self.key, layer.attention.self.value),
                _plain(layer.attention.output.dense.weight).T, _plain(layer.attention.output.dense.bias),
                network.config.num_attention_heads, causal=False,
            ),
            Mlp(
                _plain(layer.intermediate.dense.weight).T, _plain(layer.intermediate.dense.bias),
                _plain(layer.output.dense.weight).T, _plain(layer.output.dense.bias),
                _activation(network.config.hidden_act),
            ),
            _norm(layer.attention.output.LayerNorm),
            _norm(layer.output.LayerNorm),
        )
        for layer in body.encoder.layer
    )  # fmt: skip
    named = {"embedding": "word_embeddings", "position": "position_embeddings", "segment": "token_type_embeddings"}
    tables = tuple((name, _plain(getattr(body.embeddings, known).weight)) for name, known in named.items())
    return Network(tables, _norm(body.embeddings.LayerNorm), blocks, False, None, None)


def _linears(*layers: nn.Linear) -> tuple[Three, Three]:
    return tuple(_plain(layer.weight).T for layer in layers), tuple(_plain(layer.bias) for layer in layers)


def _norm(module: nn.LayerNorm) -> Norm:
    return Norm(_plain(module.weight), _plain(module.bias), module.eps)


def _activation(name: str) -> Callable[[Tensor], Tensor]:
    """The bend of the hidden units, by the name that the model's config has for it."""
    from transformers.activations import ACT2FN

    from lessons.block import maths

    ours = {"gelu": maths.gelu, "gelu_new": maths.gelu_tanh, "gelu_pytorch_tanh": maths.gelu_tanh}
    return ours.get(name) or ACT2FN[name]


def _plain(parameter: Tensor) -> Tensor:
    """A view of a parameter that nothing can train, on the processor, in float32."""
    return parameter.detach().cpu().float()
