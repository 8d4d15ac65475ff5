"""The tokens lesson: each demo is widgets -> a pure call -> drawing. The one that breaks it is in pages/breaking."""

import streamlit as st

from lessons import Lesson, tokens
from pages import ui
from pages.breaking.tokens import languages, learner_text, own_text, permuted, side_by_side


def look(lesson: Lesson) -> None:
    model_id = ui.model_picker(lesson, "look_model", default="minilm")
    sentences = lesson.labels["look_examples"].split("|")
    text = ui.prompt(lesson, "look_text", model_id, default=sentences[0], sentences=sentences)
    ui.token_strip(lesson, "look_strip", ui.tokeniser_of(model_id), text, show_ids=True)


def units(lesson: Lesson) -> None:
    words, sentences = lesson.labels, lesson.labels["units_examples"].split("|")
    text = ui.prompt(lesson, "units_text", "minilm", default=sentences[0], sentences=sentences)
    if text:
        cut = tokens.steps.in_units(text)
        unit = ui.choice(lesson, "units_unit", words["unit"], tuple(cut), show=lambda unit: words[f"unit_{unit}"])
        ui.chips(lesson, "units_strip", cut[unit].tokens, text=text, spans=cut[unit].spans)
        counts = {name: len(one.tokens) for name, one in cut.items()}
        ui.draw(lesson, "units_counts", tokens.figures.units_figure, counts)


def merges(lesson: Lesson) -> None:
    words, text = lesson.labels, own_text(lesson)
    base = ui.choice(lesson, "merges_base", words["base"], tokens.BASES, show=lambda base: words[f"base_{base}"])
    if text:
        found = tokens.merging.merging(text, base)
        ui.merge_steps(lesson, "merges_steps", found, start=1)
        st.latex(tokens.formula.worked_count(found.first))
        ui.draw(lesson, "merges_shrinking", tokens.figures.shrinking_figure, found)


def three(lesson: Lesson) -> None:
    words, pieces = lesson.labels, ui.slider(lesson, "three_pieces", lesson.labels["learnt_pieces"], 0, 60, 30)
    text = ui.prompt(lesson, "three_text", "minilm", default=words["three_default"], sentences=[words["three_default"]])
    for kind in tokens.KINDS:
        tokeniser = tokens.training.learnt(kind, learner_text(lesson), pieces)
        st.caption(words[f"kind_{kind}"].format(size=len(tokeniser.vocabulary)))
        found = ui.token_strip(lesson, f"three_{kind}", tokeniser, text)
    if found:  # the last of the three has probabilities
        pieces = tokens.training.cut_into_words(found.text, "characters", learner_text(lesson))
        place = ui.pick_word(lesson, "three_word", words["three_word"], pieces, 1)
        cuts = tokens.steps.two_cuts(tokeniser, pieces[place])
        st.text(words["no_cut"]) if cuts is None else st.latex(tokens.formula.worked_cuts(*cuts))


DEMOS = (look, units, merges, three, side_by_side, languages, permuted)
ui.lesson_page("tokens", {demo.__name__: demo for demo in DEMOS})
