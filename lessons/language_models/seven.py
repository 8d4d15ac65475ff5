"""One text through seven models over one vocabulary: Meadow's words and END. Networks, counts, hidden states, truth."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lessons.language_models import HIDDEN_STATES, counting, hidden, maths
from lessons.language_models.cutting import Words
from lessons.language_models.maths import Floats
from lessons.numbers import readable
from model_utils import trace
from model_utils.decoding import next_token_distribution
from model_utils.meadow import (
    END,
    NotMeadow,
    detokenize,
    log_probability,
    next_word_probabilities,
    tokenize,
)
from model_utils.meadow import vocabulary as meadow_words
from model_utils.queueing import Report
from model_utils.types import Model, Trace

COUNTED = {"unigram": 1, "bigram": 2, "trigram": 3}
NETWORKS = {"lstm": "meadow-rnn", "transformer": "meadow-gpt"}
SEVEN = (*COUNTED, "hmm", *NETWORKS, "truth")
ROWS = 12  # words with bars of their own
VOCABULARY: Words = (END, *meadow_words())


@dataclass(frozen=True, eq=False)
class NextWords:
    """The likeliest next words of all models that answered: N words, and what each gives them and all the others."""

    words: Words  # N
    rows: Mapping[str, Floats]  # name -> (N + 1,), the rest last

    def first_guess(self, name: str) -> str:
        """The word that a model finds likeliest: it has a row, since each model's likeliest has."""
        return self.words[int(self.rows[name][:-1].argmax())]


def from_counts(text: str) -> dict[str, Floats]:
    """What the four models that the page fits itself say: name -> (V,), over VOCABULARY."""
    said = tokenize(text)
    found = {}
    for name, n in COUNTED.items():
        counts = counting.of_meadow(n)
        found[name] = counting.distribution(counts, counting.history(counts, said), "kneser_ney", 0.0, VOCABULARY)
    return found | {"hmm": hidden.next_word(hidden.of_meadow(HIDDEN_STATES, 0), said)}


def from_network(run: Trace, vocabulary: Sequence[str]) -> Floats:
    """A network's probability of each of VOCABULARY, (V,). What is missing from 1 went to tokens that are no words."""
    places = {token: place for place, token in enumerate(vocabulary)}
    probs = next_token_distribution(run.logits[-1])
    return np.array([probs[places[f" {word}" if f" {word}" in places else word]] for word in VOCABULARY])


def from_truth(text: str) -> Floats | None:
    """Meadow's exact probability of each of VOCABULARY, (V,); None where the text has left Meadow."""
    try:
        exact = next_word_probabilities(text)
    except NotMeadow:
        return None
    return np.array([exact.get(word, 0.0) for word in VOCABULARY])


def likeliest(found: Mapping[str, Floats]) -> NextWords:
    """Each model's own first guess, then the words that any of them finds likeliest, ROWS in all or a few more."""
    largest = np.max([*found.values()], axis=0)  # (V,)
    firsts = {int(probs.argmax()) for probs in found.values()}
    order = [int(place) for place in np.argsort(-largest, kind="stable")]
    chosen = sorted({*firsts, *order[: max(ROWS - len(firsts), 0)]}, key=lambda place: -largest[place])
    rows = {name: np.append(probs[chosen], max(0.0, 1 - probs[chosen].sum())) for name, probs in found.items()}
    return NextWords(tuple(VOCABULARY[place] for place in chosen), rows)


def strangers(text: str) -> Words:
    """Words that are not Meadow's: a count has never met them, hidden states skip them, a network reads their bytes."""
    return tuple(dict.fromkeys(word for word in tokenize(text) if word not in VOCABULARY))


def counted_bits(report: Report) -> dict[str, float]:
    """Bits a word on the held-out documents, END counted as a word: of the four fitted models, and of the truth."""
    held = counting.held_out()
    places = {word: place for place, word in enumerate(VOCABULARY)}
    found = {}
    for step, (name, n) in enumerate(COUNTED.items()):
        report(step / 5, "forward")
        counts = counting.of_meadow(n)
        grams = [gram for text in held for gram in maths.ngrams(text, n)]
        after = {context: maths.kneser_ney(counts.tables, counts.D, context, VOCABULARY)
                 for context in {gram[:-1] for gram in grams}}  # fmt: skip
        found[name] = -float(np.mean([math.log2(after[gram[:-1]][places[gram[-1]]]) for gram in grams]))
    states = hidden.of_meadow(HIDDEN_STATES, 0)
    ids = hidden.observed(held, states.vocabulary)
    _, probs = maths.forward(states.pi, states.A, hidden.emissions(states.B, ids))
    found["hmm"] = float(maths.surprise(probs).sum() / (ids >= 0).sum())
    return found | {"truth": _truth_bits(held)}


def network_bits(model: Model, report: Report) -> float:
    """Bits a word of a network on the same documents, END counted as a word; its probabilities as they are."""
    held, total = counting.held_out(), 0.0
    ids = {token: place for place, token in enumerate(model.vocabulary)}
    for step, words in enumerate(held):
        report(step / len(held), "forward")
        run = trace(model, detokenize(words[:-1]))
        came = [*run.token_ids[1:], ids[END]]
        shifted = run.logits.astype(np.float64) - run.logits.max(axis=1, keepdims=True)  # (T, V)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        total -= float(logs[np.arange(len(came)), came].sum()) / math.log(2)
    return total / sum(map(len, held))


def _truth_bits(held: Sequence[Words]) -> float:
    logs = [log_probability(detokenize(words[:-1])) for words in held]
    return -math.fsum(logs) / math.log(2) / sum(map(len, held))


def in_words(found: NextWords, text: str, words: Mapping[str, str]) -> list[str]:
    """Each model's first guess, and who falls silent or has to do without a word."""
    guesses = [
        words["guess"].format(model=words[name], word=_named(found.first_guess(name), words)) for name in found.rows
    ]
    lines = [words["guesses"].format(each=" · ".join(guesses))]
    if "truth" not in found.rows:
        lines.append(words["left_meadow"])
    if unknown := strangers(text):
        lines.append(words["strangers"].format(words=" ".join(unknown)))
    return lines


def perplexities_in_words(bits: Mapping[str, float], words: Mapping[str, str]) -> str:
    """2 to the bits of each model: among how many equally likely words it seems to choose."""
    return words["as_perplexity"].format(
        each=" · ".join(f"{words[name]} {readable(2**bit)}" for name, bit in bits.items())
    )


def _named(word: str, words: Mapping[str, str]) -> str:
    return words["end"] if word == END else word
