"""Demos of the lesson on masked words with two gaps in a text, or with two texts."""

import streamlit as st

from lessons import Lesson, masked_words
from lessons.numbers import readable
from model_utils.types import Model
from pages import ui


def two_gaps(lesson: Lesson) -> None:
    """Two gaps: each alone, one after the other, in truth."""
    words, work = lesson.labels, masked_words.pairs
    found = ui.gaps(lesson, "two_gaps", masked_words.DUCK, sentences=(masked_words.DUCK, masked_words.WHALE))
    if found and len(found.places) != 2:
        st.text(words["two_wanted"])
    elif found:
        exact, own, plain = ui.reads_meadow(found.model.id), found.run.text, found.covered.text

        def both(model: Model, report: object) -> object:
            return work.pairs(model, own, work.true_pairs(plain) if exact else None)

        pairs = ui.computed(("pairs", own), found.model.id, both)
        if pairs:
            _draw_pairs(lesson, pairs)
            ui.ran(found.run)


def _draw_pairs(lesson: Lesson, pairs: object) -> None:
    words, figures = lesson.labels, masked_words.figures
    tables = figures.panels(pairs)
    reach = max(float(table.max()) for _, table in tables)
    for column, (title, table) in zip(st.columns(len(tables)), tables, strict=True):
        with column:
            st.caption(words[title])
            ui.draw(lesson, f"two_gaps_{title}", figures.pairs_figure, pairs.rows, pairs.columns, table, reach)
    told = set()
    for name in ("of_each", "in_turn_best", "in_truth_best"):
        pair = getattr(pairs, name.removesuffix("_best"))
        if pair is not None and pair.words not in told:
            told.add(pair.words)
            st.text(words[name].format(first=pair.words[0], second=pair.words[1]))
            st.latex(masked_words.formula.together(pair))
            if pair.truth is not None:
                st.text(words["true_share"].format(probability=readable(pair.truth)))


def follows(lesson: Lesson) -> None:
    """Two texts: does the second follow the first? As typed, the other way round, and with a stranger."""
    words = lesson.labels
    model = ui.masked_model(lesson, "follows")
    if model is None:
        return
    left, right = st.columns(2)
    pairs = masked_words.FIRSTS, masked_words.SECONDS
    with left:
        first = ui.prompt(
            lesson, "follows_first", model.id, default=pairs[0][0], sentences=pairs[0], label=words["first_text"]
        )
    with right:
        second = ui.prompt(
            lesson, "follows_second", model.id, default=pairs[1][0], sentences=pairs[1], label=words["second_text"]
        )
    stranger = masked_words.STRANGER
    asked = {"as_typed": (first, second), "turned": (second, first), "stranger": (first, stranger)}
    found = []
    for texts in asked.values():
        found.append(ui.computed(("follows", *texts), model.id, _follows(*texts)))
        if found[-1] is None:  # one sentence is enough
            return
    names = [words[name] for name in asked]
    ui.draw(lesson, "follows_bars", masked_words.figures.follows_figure, names, found)
    st.text(words["stranger_is"].format(text=stranger))


def _follows(first: str, second: str) -> object:
    """The work for one pair of texts."""

    def work(model: Model, report: object) -> float:
        from model_utils.errors import ModelError
        from model_utils.next_sentence import next_sentence

        if not first.strip() or not second.strip():
            raise ModelError("empty_text")
        return float(next_sentence(model, first, second))

    return work
