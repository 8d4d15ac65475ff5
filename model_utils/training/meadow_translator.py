"""The recipe of meadow-translator: an encoder that reads Meadow's English and a decoder that writes its Chinese.

One head of its cross-attention is taught where to look: guided alignment.
"""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import MarianConfig, MarianMTModel

from model_utils.training import meadow_pairs
from model_utils.training.fitting import Recipe, Work
from model_utils.training.loop import IGNORE
from model_utils.training.meadow_pairs import PAD, SPECIAL, START


@dataclass(frozen=True)
class Shape:
    """How large the network is; `inner` is the width of the feed-forward parts."""

    encoder_layers: int
    decoder_layers: int
    heads: int
    width: int
    inner: int
    max_tokens: int


SHAPE = Shape(encoder_layers=3, decoder_layers=2, heads=4, width=128, inner=768, max_tokens=160)
GUIDED, GUIDED_HEAD = 0.3, (1, 0)  # the share of its loss, and layer and head
RECIPE = Recipe(
    seed=1,
    data_seed=2_000_000,
    steps=1150,
    batch_size=64,
    peak_rate=4e-3,
    warmup=100,
    decay=0.45,
    weight_decay=0.01,
    save_every=100,
)


def prepare(recipe: Recipe, shape: Shape = SHAPE) -> Work:
    """The newborn network and the endless stream of documents in both languages."""
    words = meadow_pairs.pair_tokenizer()

    def batches(first: int) -> Generator[Tensor]:
        with closing(meadow_pairs.batches(recipe.data_seed, recipe.batch_size, first)) as stream:
            yield from map(torch.from_numpy, stream)

    network = newborn(shape, recipe.seed)
    return Work(network, words, batches, guided_loss, bfloat16=True, targets=target_tokens, special_tokens=SPECIAL)


def newborn(shape: Shape, seed: int) -> MarianMTModel:
    """The network at step 0: one table of embeddings for both languages and for the output; no dropout."""
    words = meadow_pairs.pair_tokenizer()
    torch.manual_seed(seed)
    config = MarianConfig(
        vocab_size=words.get_vocab_size(),
        d_model=shape.width,
        encoder_layers=shape.encoder_layers,
        decoder_layers=shape.decoder_layers,
        encoder_attention_heads=shape.heads,
        decoder_attention_heads=shape.heads,
        encoder_ffn_dim=shape.inner,
        decoder_ffn_dim=shape.inner,
        max_position_embeddings=shape.max_tokens,
        activation_function="gelu_pytorch_tanh",
        dropout=0.0,
        scale_embedding=True,
        init_std=shape.width**-0.5,  # scaled by the root of the width, an embedding is as large as a position
        bos_token_id=words.token_to_id(START),
        decoder_start_token_id=words.token_to_id(START),
        pad_token_id=words.token_to_id(PAD),
        eos_token_id=0,
        forced_eos_token_id=None,
        dtype="float32",
        architectures=["MarianMTModel"],
    )
    config._attn_implementation = "eager"  # so that attention can be looked at
    return MarianMTModel(config)


def target_tokens(batch: Tensor) -> int:
    """How many Chinese tokens of a batch (B, 4, T) are predicted: all but START."""
    return int((batch[:, 1, 1:] != IGNORE).sum())


def guided_loss(network: nn.Module, batch: Tensor, groups: int = 3) -> Tensor:
    """Nats for each Chinese token, and a GUIDED share of the nats by which one head misses the words it speaks of.

    Short and long documents run apart, each cut to its length, which is only faster. batch (B, 4, T).
    Source: Garg et al. 2019, "Jointly Learning to Align and Translate with Transformer Models", section 4.2; here the
    loss is on all the attention that falls on the right words, however it is shared among them.
    """
    return translation_loss(network, batch, groups) @ torch.tensor([1.0, GUIDED])


def translation_loss(network: nn.Module, batch: Tensor, groups: int = 3) -> Tensor:
    """(2,): the mean surprisal at a token given the English and the Chinese before it; what the guided head misses."""
    lengths = (batch != IGNORE).sum(2)  # (B, 4)
    total = torch.zeros(2)
    for rows in lengths[:, 0].argsort().chunk(groups):
        S, T = lengths[rows, :2].max(0).values.tolist()
        total = total + _loss_sums(network, batch[rows, 0, :S], batch[rows, 1:, :T])
    return total / target_tokens(batch)


def _loss_sums(network: nn.Module, source: Tensor, target: Tensor) -> Tensor:
    """source (B, S), target (B, 3, T) with the places looked for, both padded with IGNORE -> (2,)."""
    pad, read = network.config.pad_token_id, target[:, 0, :-1]  # (B, T-1)
    output = network(
        input_ids=source.where(source != IGNORE, pad),
        attention_mask=(source != IGNORE).long(),
        decoder_input_ids=read.where(read != IGNORE, pad),
        output_attentions=True,
        use_cache=False,
    )
    logits = output.logits.flatten(0, 1).float()
    surprisal = F.cross_entropy(logits, target[:, 0, 1:].flatten(), ignore_index=IGNORE, reduction="sum")
    layer, head = GUIDED_HEAD
    return torch.stack([surprisal, _missed(output.cross_attentions[layer][:, head], *target[:, 1:, :-1].unbind(1))])


def _missed(weights: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """Sum of -ln of the attention, weights (B, T, S), between places first and last (B, T); IGNORE asks for none."""
    places = torch.arange(weights.shape[-1])
    right = (places >= first[..., None]) & (places <= last[..., None])  # (B, T, S)
    return -((weights.float() * right).sum(-1)[first != IGNORE] + 1e-6).log().sum()
