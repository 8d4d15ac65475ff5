"""Switch off every head once, and see what becomes of the right word: one sweep, bounded by what a model costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lessons.heads.steps import side_by_side
from lessons.numbers import readable
from model_utils import HeadOff, catalogue, trace
from model_utils.decoding import next_token_distribution
from model_utils.meadow import NotMeadow, next_word_probabilities
from model_utils.types import Floats, Model, Trace

ALL_HEADS, ONE_LAYER = 6e10, 4e11  # multiplications, twice the parameters a token: a few seconds, half a minute
Report = Callable[[float | None, str], None]


@dataclass(frozen=True)
class RightWord:
    """The word whose probability is watched: the truth's best one where the text is Meadow, else the model's own."""

    token_id: int
    token: str
    from_truth: bool
    probability: float  # in the intact model


@dataclass(frozen=True, eq=False)
class Sweep:
    """The right word's probability with one head off: (layers swept, H), NaN where a layer has fewer heads."""

    word: RightWord
    layers: tuple[int, ...]
    probs: Floats

    @property
    def changes(self) -> Floats:
        """With the head off less with all heads on: (layers swept, H)."""
        return self.probs - np.float32(self.word.probability)

    @property
    def largest(self) -> tuple[int, int]:
        """Layer and head whose absence changes most."""
        row, head = np.unravel_index(int(np.nanargmax(np.abs(self.changes))), self.probs.shape)
        return self.layers[row], int(head)


def right_word(run: Trace, vocabulary: Sequence[str]) -> RightWord:
    """What should come next after the run's text."""
    probs = next_token_distribution(run.logits[-1])  # (V,)
    true = _truths_best(run, vocabulary)
    token_id = int(probs.argmax()) if true is None else true
    return RightWord(token_id, vocabulary[token_id], true is not None, float(probs[token_id]))


def probability(run: Trace, word: RightWord) -> float:
    """What a run gives to that word."""
    return float(next_token_distribution(run.logits[-1])[word.token_id])


def extent(run: Trace, parameters: int) -> str:
    """How much of a model can be swept in a bounded time: "all" heads, "one" layer, or "none"."""
    one_pass = 2.0 * parameters * len(run.tokens)
    heads = [len(each.attn_weights) for each in run.attentions]
    if one_pass * sum(heads) <= ALL_HEADS:
        return "all"
    return "one" if one_pass * max(heads) <= ONE_LAYER else "none"


def sweep(model: Model, intact: Trace, layers: Sequence[int], report: Report) -> Sweep:
    """One forward pass for each head of these layers, with that head off."""
    word = right_word(intact, model.vocabulary)
    heads = {layer: len(intact.attentions[layer].attn_weights) for layer in layers}
    total, done, rows = sum(heads.values()), 0, []
    for layer, count in heads.items():
        row = []
        for head in range(count):
            report(done / total, "sweep")
            row.append(probability(trace(model, intact.text, (HeadOff(layer, head),)), word))
            done += 1
        rows.append(np.array(row, dtype=np.float32))
    return Sweep(word, tuple(layers), side_by_side(rows))


def in_words(found: Sweep, words: Mapping[str, str]) -> str:
    """Which word is watched and why, and which head is missed most."""
    layer, head = found.largest
    after = found.probs[found.layers.index(layer), head]
    watched = words["right_by_truth" if found.word.from_truth else "right_by_model"]
    return "\n".join((
        watched.format(word=found.word.token.strip(), before=readable(found.word.probability)),
        words["missed_most"].format(layer=layer, head=head, after=readable(after)),
    ))  # fmt: skip


def _truths_best(run: Trace, vocabulary: Sequence[str]) -> int | None:
    """Id of Meadow's most probable next word; None outside Meadow and for models that never learnt it."""
    card = catalogue.find(run.model_id)
    if card is None or not card.reads_meadow:
        return None
    try:
        truth = next_word_probabilities(run.text)
    except NotMeadow:
        return None
    best = max(truth, key=truth.__getitem__)
    return next((place for place, token in enumerate(vocabulary) if token in (f" {best}", best)), None)
