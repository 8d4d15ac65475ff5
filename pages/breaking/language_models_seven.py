"""Demos of the language models lesson that set seven models side by side, and ask whether one looks its answers up."""

import streamlit as st

from lessons import Lesson, language_models
from pages import ui


def side_by_side(lesson: Lesson) -> None:
    words, ours = lesson.labels, language_models.seven
    examples = language_models.SIDE_BY_SIDE
    text = ui.prompt(lesson, "side_by_side_text", "meadow-gpt", default=examples[0], sentences=examples)
    if not text:
        st.text(ui.words()["errors.empty_text"])
        return
    runs = {name: ui.traced(model_id, text) for name, model_id in ours.NETWORKS.items()}
    asked = ("language_models.counts", text)
    found = ui.computed(asked, "meadow-gpt", lambda model, report: ours.from_counts(text))
    if not found:
        return
    rows = dict(found)
    for name, run in runs.items():
        vocabulary = run and ui.vocabulary_of(run.model_id)
        if vocabulary:
            rows[name] = ours.from_network(run, vocabulary)
    truth = ours.from_truth(text)
    if truth is not None:
        rows["truth"] = truth
    shown = ours.likeliest(rows)
    ui.draw(lesson, "side_by_side_next", language_models.figures.seven_figure, shown)
    for line in ours.in_words(shown, text, words):
        st.text(line)
    for run in filter(None, runs.values()):
        ui.ran(run)


def bits(lesson: Lesson) -> None:
    words, ours = lesson.labels, language_models.seven
    found = ui.computed("language_models.bits", "meadow-gpt", lambda model, report: ours.counted_bits(report))
    if not found:
        return
    networks = {
        name: ui.computed("language_models.network_bits", model_id, ours.network_bits)
        for name, model_id in ours.NETWORKS.items()
    }
    every = found | {name: value for name, value in networks.items() if value is not None}
    ordered = {name: every[name] for name in ours.SEVEN if name in every}
    ui.draw(lesson, "bits_chart", language_models.figures.bits_figure, ordered)
    held = language_models.counting.held_out()
    st.text(words["held_out"].format(documents=len(held), words=f"{sum(map(len, held)):,}"))
    st.text(ours.perplexities_in_words(ordered, words))


def looked_up(lesson: Lesson) -> None:
    words, ours = lesson.labels, language_models.looking
    examples = language_models.LOOKED_UP
    text = ui.prompt(lesson, "looked_up_text", "meadow-gpt", default=examples[0], sentences=examples)
    run = ui.traced("meadow-gpt", text)
    found = run and ui.computed(
        ("language_models.looked_up", text), "meadow-gpt", lambda model, report: ours.looked_up(text)
    )
    if found:
        st.caption(words["endings"])
        ui.draw(lesson, "looked_up_times", language_models.figures.looked_up_figure, found.runs, found.times)
        for line in ours.in_words(found, text, words):
            st.text(line)
        ui.next_words(lesson, "looked_up_next", run)
        marks = ui.computed(
            ("language_models.marks", text), "meadow-gpt", lambda model, report: ours.fingerprints(model, text)
        )
        if marks:
            st.text(words["fingerprints"].format(numbers=f"{marks.numbers:,}", before=marks.before, after=marks.after))
        ui.ran(run)
