"""The network of a masked model: a BERT of a given shape, newborn from a seed; and its loss on the hidden places."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import BertConfig, BertForMaskedLM, BertForPreTraining

from model_utils.training.loop import IGNORE
from model_utils.training.network import Shape

PAD_ID = 0
GROUPS, TOGETHER = 4, 64  # rows of like length run together: in so many groups in training, so many when measured


def newborn(shape: Shape, words: int, seed: int, pairs: bool) -> Any:
    """The network at step 0; with `pairs` it has a head that tells whether a second sentence follows the first."""
    torch.manual_seed(seed)
    family = BertForPreTraining if pairs else BertForMaskedLM
    network = family(config(shape, words, family.__name__))
    network.set_attn_implementation("eager")  # in bfloat16 the backward pass of the fused one takes half of a step
    return network


def opened(folder: Path) -> Any:
    """A trained network in float32, its heads included, with eager attention, so that its weights can be looked at."""
    pairs = BertConfig.from_pretrained(folder).architectures == ["BertForPreTraining"]
    family = BertForPreTraining if pairs else BertForMaskedLM
    return family.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def config(shape: Shape, words: int, architecture: str) -> BertConfig:
    """BERT with tied embeddings for a vocabulary of `words`, token 0 the padding; no dropout."""
    return BertConfig(
        vocab_size=words,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=4 * shape.width,
        max_position_embeddings=shape.max_tokens,
        type_vocab_size=2,
        hidden_act="gelu",
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=PAD_ID,
        dtype="float32",  # what the float16 file is opened as
        architectures=[architecture],
    )


def masked_loss(network: nn.Module, batch: Tensor) -> Tensor:
    """Mean surprisal, in nats, of the hidden tokens, plus that of "it follows" or "it does not" where rows are pairs.

    batch (3, B, T): what the network sees, what is asked (IGNORE where nothing is), segments. At the place of CLS is
    asked whether the second sentence follows: 0 where it does, 1 where not, as Hugging Face has it.
    """
    lengths = (batch[0] != PAD_ID).sum(1)  # (B,)
    groups = (batch[:, rows, : int(lengths[rows].max())] for rows in lengths.argsort().chunk(GROUPS))
    parts = [_surprisals(network, group) for group in groups]
    words, pairs = (torch.cat([part[i] for part in parts]) for i in range(2))
    return words.mean() + (pairs.mean() if len(pairs) else 0.0)


def _surprisals(network: Any, batch: Tensor) -> tuple[Tensor, Tensor]:
    """-ln P of each hidden token, and of each answer about a pair."""
    seen, asked, segments = batch
    states = network.bert(input_ids=seen, attention_mask=(seen != PAD_ID).long(), token_type_ids=segments)
    hidden, paired = asked[:, 1:] != IGNORE, asked[:, 0] != IGNORE
    logits = network.cls.predictions(states.last_hidden_state[:, 1:][hidden])  # (places, V)
    words = F.cross_entropy(logits.float(), asked[:, 1:][hidden], reduction="none")
    if not paired.any():
        return words, words[:0]
    follows = network.cls.seq_relationship(states.pooler_output[paired])  # (pairs, 2)
    return words, F.cross_entropy(follows.float(), asked[paired, 0], reduction="none")


def hidden_places(batch: Tensor) -> int:
    """How many tokens of a batch (3, B, T) are asked for."""
    return int((batch[1, :, 1:] != IGNORE).sum())


@torch.no_grad()
def distributions(network: Any, rows: Sequence[Sequence[int]], mask: int) -> list[Tensor]:
    """For each row of token ids the distributions (places, V) at its masks; rows of like length run together."""
    found: dict[int, Tensor] = {}
    by_length = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    for some in (by_length[start : start + TOGETHER] for start in range(0, len(rows), TOGETHER)):
        seen = nn.utils.rnn.pad_sequence([torch.tensor(rows[number]) for number in some], batch_first=True)
        states = network.bert(input_ids=seen, attention_mask=(seen != PAD_ID).long()).last_hidden_state
        for number, row, state in zip(some, seen, states, strict=True):
            found[number] = network.cls.predictions(state[row == mask]).softmax(-1)
    return [found[number] for number in range(len(rows))]
