"""The attention lesson: each demo is widgets -> a pure call -> drawing. Those that break it are in pages/breaking."""

import streamlit as st

from lessons import Lesson, attention
from pages import ui
from pages.breaking.attention import compared, heads_off, saturation, two_ways, unscaled

SENTENCE, SHOWN = attention.SENTENCE, attention.SHOWN


def look(lesson: Lesson) -> None:
    if run := ui.live(lesson, "look", SENTENCE):
        ui.lens(lesson, "look_lens", run, shown=SHOWN)
        ui.next_words(lesson, "look_next", run)
        ui.ran(run)


def one_query(lesson: Lesson) -> None:
    if run := ui.live(lesson, "one_query", SENTENCE):
        layer, head, place = ui.pick_query(lesson, "one_query", lesson.labels["from_word"], run, SHOWN)
        found = attention.steps.steps(run, layer, head, place)
        ui.draw(lesson, "one_query_steps", attention.figures.steps_figure, run.tokens, found)
        key = ui.pick_word(lesson, "one_query_at", lesson.labels["at_word"], run.tokens, found.strongest)
        st.latex(attention.formula.worked(found, key))
        st.caption("" if found.only_scaled else lesson.labels["bent"])
        ui.ran(run)


def toy(lesson: Lesson) -> None:
    words = lesson.labels["toy_words"].split(",")
    table = ui.number_table(lesson, "toy", words, attention.steps.TOY_COLUMNS, attention.steps.TOY)
    weights, outputs = attention.steps.toy(table)
    left, right = st.columns(2)
    with left:
        ui.draw(lesson, "toy_weights", attention.figures.map_figure, words, weights)
    with right:
        ui.draw(lesson, "toy_plane", attention.figures.plane_figure, words, table[:, 4:], outputs)


def whole_map(lesson: Lesson) -> None:
    if run := ui.live(lesson, "whole_map"):
        layer, head = ui.pick_head(lesson, "whole_map", run, attention.UNDECIDED)
        weights = run.attentions[layer].attn_weights[head]
        entropy = attention.steps.entropy(weights)
        ui.draw(lesson, "whole_map_weights", attention.figures.weights_figure, run.tokens, weights, entropy)
        with st.expander(lesson.labels["bertviz"]):
            ui.bertviz_head(lesson, "bertviz_heads", run)
            ui.bertviz_model(lesson, "bertviz_layers", run)
        ui.ran(run)


DEMOS = (look, one_query, toy, whole_map, compared, saturation, unscaled, two_ways, heads_off)
ui.lesson_page("attention", {demo.__name__: demo for demo in DEMOS})
