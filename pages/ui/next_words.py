"""Next-word bars over the whole vocabulary: the model alone, beside the truth, or intact beside broken."""

import numpy as np
import streamlit as st

from lessons import Lesson
from lessons.next_words import NextWords, Probs, distance, largest_change, over_vocabulary
from lessons.next_words import next_words as rows_of
from lessons.numbers import readable
from model_utils.types import Trace
from pages.ui.figure import figure
from pages.ui.language import say, theme, words
from pages.ui.running import vocabulary_of


def next_words(
    lesson: Lesson,
    name: str,
    run: Trace,
    beside: Trace | None = None,
    k: int = 10,
    names: tuple[str, str] | None = None,
) -> None:
    """Bars of the k likeliest next words after `run`'s text, and of all others together.

    `beside` is the same text through the broken model; without it, the exact truth stands beside the model where the
    text is Meadow. A model that predicts nothing gets a sentence instead. `names` says what the two are called where
    "intact" and "broken" would be the wrong words.
    """
    vocabulary = None if run.logits is None else vocabulary_of(run.model_id)
    if vocabulary is None:
        if run.logits is None:
            st.text(words()["figure.no_prediction"])
        return
    intact = _probs(run)
    second = _truth(run, vocabulary) if beside is None else _probs(beside)
    rows = rows_of(intact, vocabulary, k, second)
    usual = ("figure.model", "figure.truth") if beside is None else ("figure.intact", "figure.broken")
    shown = names or (words()[usual[0]], words()[usual[1]])
    figure(lesson, name, next_words_figure(rows, shown), code=next_words_figure, alt=_in_words(rows))
    if beside is not None:
        _change(rows)
        _distances(_truth(run, vocabulary), intact, second, shown)


def next_words_figure(rows: NextWords, names: tuple[str, str]) -> object:
    """The bars: one series, or two side by side."""
    from lessons.figures import AxisWords, bars, paired_bars

    said = AxisWords(x=words()["figure.probability"], value=names[0], title=words()["figure.next_word"])
    tokens = (*rows.tokens, words()["figure.others"])
    if rows.second is None:
        return bars(tokens, rows.first, said, theme())
    return paired_bars(tokens, rows.first, rows.second, names, said, theme())


def _probs(run: Trace) -> Probs:
    from model_utils.decoding import next_token_distribution

    return next_token_distribution(run.logits[-1])  # (V,)


def _truth(run: Trace, vocabulary: tuple[str, ...]) -> Probs | None:
    """The exact distribution, or None when the model never learnt Meadow or the text is not Meadow."""
    from model_utils import catalogue
    from model_utils.meadow import NotMeadow, next_word_probabilities

    card = catalogue.find(run.model_id)
    if card is None or not card.reads_meadow:
        return None
    try:
        return over_vocabulary(next_word_probabilities(run.text), vocabulary)
    except NotMeadow:
        st.text(words()["figure.not_meadow"])
        return None


def _distances(truth: Probs | None, intact: Probs, broken: Probs, names: tuple[str, str]) -> None:
    """How far each of the two is from the truth, where it is known."""
    if truth is not None:
        before, after = (readable(distance(truth, probs), 2) for probs in (intact, broken))
        st.text(say("figure.distance", first=names[0], before=before, second=names[1], after=after))


def _in_words(rows: NextWords) -> str:
    """What a screen reader says of the bars: the first three."""
    likeliest = np.argsort(-rows.first[:-1], kind="stable")[:3]
    return ", ".join(f"{rows.tokens[row].strip()} {readable(rows.first[row])}" for row in likeliest)


def _change(rows: NextWords) -> None:
    row = largest_change(rows)
    before, after = rows.first[row], rows.second[row]
    st.text(say("figure.change", word=rows.tokens[row].strip(), before=readable(before), after=readable(after)))
