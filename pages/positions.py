"""The positions lesson: each demo is widgets -> a pure call -> drawing. The others are in pages/breaking."""

import streamlit as st

from lessons import Lesson, positions
from pages import ui
from pages.breaking import positions as more

SHOWN = 64  # positions of the sinusoidal table


def shuffle(lesson: Lesson) -> None:
    more.two_orders(lesson, "shuffle", positions.SENTENCE, opens_on="minilm")


def sinusoids(lesson: Lesson) -> None:
    words = lesson.labels
    left, middle, right = st.columns(3)
    with left:
        power = ui.slider(lesson, "sinusoids_base", words["base_power"], 1, 6, 4)
    with middle:
        width = ui.slider(lesson, "sinusoids_width", words["width"], 4, 32, 16, step=2)
    with right:
        position = ui.slider(lesson, "sinusoids_at", words["at_position"], 0, SHOWN - 1, 7)
    table = positions.curves.sinusoids(SHOWN, width, 10**power)
    places = positions.schemes.places(SHOWN)
    ui.draw(lesson, "sinusoids_table", positions.tables.table_figure, table, places, position)
    st.latex(positions.formula.sinusoid(position, min(1, width // 2 - 1), width, 10**power))
    clocks = more.clocks(lesson, width, 10**power, ui.theme())
    ui.figure(lesson, "sinusoids_clocks", clocks, positions.clocks.clocks_figure, lesson.labels["sinusoids_clocks_alt"])


def added(lesson: Lesson) -> None:
    width = ui.slider(lesson, "added_width", lesson.labels["width"], 2, 64, 16, step=2)
    ui.draw(lesson, "added_pairs", positions.figures.added_figure, *positions.curves.added_up(width, 10_000))


def learned(lesson: Lesson) -> None:
    words, views = lesson.labels, ("similarity", "path", "table")
    view = ui.choice(lesson, "learned_view", words["view"], views, show=lambda name: words[f"view_{name}"])
    for column, model_id in zip(st.columns(2), ("meadow-gpt", "minilm"), strict=True):
        with column:
            more.own_table(lesson, f"learned_{model_id.partition('-')[0]}", model_id, view)


DEMOS = (shuffle, sinusoids, added, learned, more.rope, more.alibi, more.distance, more.beyond, more.off, more.causal)
ui.lesson_page("positions", {demo.__name__: demo for demo in DEMOS})
