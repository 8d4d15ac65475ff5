"""The network of every embedded GPT: a GPT-2 of a given shape, newborn from a seed, its weights as shipped."""

from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedModel


@dataclass(frozen=True)
class Shape:
    """How large the network is; max_tokens is the length of its context."""

    layers: int
    heads: int
    width: int
    max_tokens: int


def config(shape: Shape, words: int) -> GPT2Config:
    """GPT-2 with tied embeddings for a vocabulary of `words`, token 0 the start and the end; no dropout."""
    return GPT2Config(
        vocab_size=words,
        n_positions=shape.max_tokens,
        n_embd=shape.width,
        n_layer=shape.layers,
        n_head=shape.heads,
        activation_function="gelu_pytorch_tanh",  # gelu_new in one operation: a fifth off the training time
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=0,
        eos_token_id=0,
        dtype="float32",  # what the float16 file is opened as
        architectures=["GPT2LMHeadModel"],
    )


def newborn(shape: Shape, words: int, seed: int) -> GPT2LMHeadModel:
    """The network at step 0: always the same for the same shape, vocabulary size, seed and torch build."""
    torch.manual_seed(seed)
    return GPT2LMHeadModel(config(shape, words))


def half_weights(network: PreTrainedModel) -> dict[str, Tensor]:
    """The weights as they are shipped: float16, each tied matrix once."""
    tied, tensors = network.all_tied_weights_keys, network.state_dict().items()
    return {name: tensor.detach().half().contiguous() for name, tensor in tensors if name not in tied}
