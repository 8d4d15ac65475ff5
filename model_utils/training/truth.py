"""A model beside Meadow's truth, place by place: both surprisals, and how far the two distributions are apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn

from model_utils.meadow import END, detokenize, next_word_probabilities
from model_utils.training.corpus import meadow_tokenizer, rows
from model_utils.training.tokenizer import token_string


@dataclass(frozen=True, eq=False)
class Comparison:
    """One document of W words, at its W + 1 places; place i is the prediction of word i, place W that of END.

    `model` and `truth` (W + 1,) are surprisals in nats of what came; `distance` (W + 1,) is the total variation
    between the two next-word distributions, 0 to 1; `model_best` and `truth_best` are the most probable token ids.
    """

    words: tuple[str, ...]
    model: Tensor
    truth: Tensor
    distance: Tensor
    model_best: Tensor
    truth_best: Tensor


@cache
def word_id(word: str) -> int:
    """The token id of a Meadow word."""
    return meadow_tokenizer().token_to_id(token_string(word))


def true_distributions(words: Sequence[str], vocabulary_size: int) -> Tensor:
    """(W + 1, V) float64: the exact next-word distribution after each prefix of `words`, the empty one first."""
    truth = torch.zeros(len(words) + 1, vocabulary_size, dtype=torch.float64)
    for place in range(len(words) + 1):
        for word, probability in next_word_probabilities(detokenize(words[:place])).items():
            truth[place, word_id(word)] = probability
    return truth


@torch.no_grad()
def model_distributions(network: nn.Module, text: str) -> Tensor:
    """(W + 1, V) float64: the model's next-token distribution after END and after each token of the text."""
    token_ids = torch.from_numpy(rows([text])[0][:-1])[None]  # (1, W + 1)
    return network(input_ids=token_ids, use_cache=False).logits[0].double().softmax(-1)


def compare(network: nn.Module, words: Sequence[str]) -> Comparison:
    """One document, given by its words, through the model and through the grammar."""
    probs = model_distributions(network, detokenize(words))  # (W + 1, V)
    truth = true_distributions(words, probs.shape[1])  # (W + 1, V)
    came = torch.tensor([word_id(word) for word in (*words, END)])[:, None]  # (W + 1, 1)
    return Comparison(
        words=tuple(words),
        model=-probs.gather(1, came).log().squeeze(1),
        truth=-truth.gather(1, came).log().squeeze(1),
        distance=0.5 * (probs - truth).abs().sum(1),
        model_best=probs.argmax(1),
        truth_best=truth.argmax(1),
    )
