"""A masked model beside Meadow's truth, blank by blank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from model_utils.meadow import TooManyFillings, detokenize, masked_word_probabilities
from model_utils.training.masked_network import distributions
from model_utils.training.masked_tokenizer import MASK
from model_utils.training.meadow_bert_rows import bert_tokenizer, symbols
from model_utils.training.truth import word_id

Blanked = tuple[tuple[str, ...], tuple[int, ...]]  # the words of a text, and which of them are hidden


@dataclass(frozen=True, eq=False)
class Blanks:
    """N hidden words, all arrays (N,): surprisals in nats of what came, by the model and by the grammar; the total
    variation between the two distributions, 0 to 1; the token that came, and the most probable one by each."""

    model: Tensor
    truth: Tensor
    distance: Tensor
    came: Tensor
    model_best: Tensor
    truth_best: Tensor


def compare(network: Any, texts: Iterable[Blanked]) -> Blanks:
    """Every hidden word of the texts, by the model and by the grammar; texts that are too open are left out."""
    told = [(text, truth) for text in texts if (truth := _truth(text, network.config.vocab_size)) is not None]
    rows = [bert_tokenizer().encode(with_blanks(*text)).ids for text, _ in told]
    probs = torch.cat(distributions(network, rows, symbols().mask)).double()  # (N, V)
    truth = torch.cat([truth for _, truth in told])  # (N, V)
    came = torch.tensor([word_id(words[place]) for (words, hidden), _ in told for place in hidden])
    return Blanks(
        model=-probs.gather(1, came[:, None]).log().squeeze(1),
        truth=-truth.gather(1, came[:, None]).log().squeeze(1),
        distance=0.5 * (probs - truth).abs().sum(1),
        came=came,
        model_best=probs.argmax(1),
        truth_best=truth.argmax(1),
    )


def with_blanks(words: Sequence[str], hidden: Sequence[int]) -> str:
    """The text with a mask in place of each hidden word."""
    return detokenize(MASK if place in hidden else word for place, word in enumerate(words))


def _truth(text: Blanked, vocabulary_size: int) -> Tensor | None:
    """(places, V) float64; None for a text whose fillings are too many."""
    try:
        found = masked_word_probabilities(with_blanks(*text))
    except TooManyFillings:
        return None
    table = torch.zeros(len(found), vocabulary_size, dtype=torch.float64)
    for place, distribution in enumerate(found):
        for word, probability in distribution.items():
            table[place, word_id(word)] = probability
    return table
