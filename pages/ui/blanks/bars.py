"""What may stand in each gap of a text: bars over the whole vocabulary, beside the exact truth where it is known."""

import streamlit as st

from lessons import Lesson
from lessons.next_words import Probs, distance, next_words, over_vocabulary
from lessons.numbers import readable
from pages.ui.blanks.gaps import Gaps, reads_meadow, truths_of
from pages.ui.figure import figure
from pages.ui.language import say, theme, words

MOST_DRAWN = 6  # gaps with bars of their own
FEW, MANY = 8, 5  # words drawn for one gap, and for each of several


def gap_bars(lesson: Lesson, name: str, found: Gaps) -> None:
    """Bars for each gap; two gaps stand beside each other."""
    from lessons.masked_words.steps import probs_at

    exact = truths_of(found)
    columns = st.columns(min(2, len(found.places)))
    for number, place in enumerate(found.places[:MOST_DRAWN]):
        truth = over_vocabulary(exact[number], found.model.vocabulary) if exact else None
        with columns[number % len(columns)]:
            st.caption(say("blanks.gap", number=number + 1))
            _draw(lesson, f"{name}_gap{number}", found, probs_at(found.run, place), truth)
    if exact is None and reads_meadow(found.model.id):
        st.caption(words()["blanks.no_truth"])
    if len(found.places) > MOST_DRAWN:
        st.caption(say("blanks.more", shown=MOST_DRAWN, count=len(found.places)))


def _draw(lesson: Lesson, name: str, found: Gaps, probs: Probs, truth: Probs | None) -> None:
    from lessons.masked_words.figures import gap_figure

    rows = next_words(probs, found.model.vocabulary, FEW if len(found.places) == 1 else MANY, truth)
    said = {"probability": words()["figure.probability"], "others": words()["figure.others"]}
    drawn = gap_figure(rows, (words()["figure.model"], words()["figure.truth"]), said, theme())
    figure(lesson, name, drawn, code=gap_figure, alt=words()["blanks.alt"])
    if truth is not None:
        st.text(say("blanks.distance", distance=readable(distance(probs, truth), 2)))
