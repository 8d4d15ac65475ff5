"""The block lesson: each demo is widgets -> a pure call -> drawing. Those that break it are in pages/breaking."""

import streamlit as st

from lessons import Lesson, block
from pages import ui
from pages.breaking.block import compare, depth, followed, layer_and_word, lens, orders, switches


def stream(lesson: Lesson) -> None:
    if (run := ui.live(lesson, "stream", block.CAPITAL)) and (ours := followed(lesson, run)):
        network, found = ours
        place = ui.pick_word(lesson, "stream_at", lesson.labels["which_word"], run.tokens)
        left, right = st.columns(2)
        with left:
            sizes = [block.norms.lengths(vectors, place) for vectors in (found.added, found.states)]
            ui.draw(lesson, "stream_added", block.figures.added_figure, found.names, *sizes)
        if pushed := block.towards.pushes(network, found, place):
            with right:
                vocabulary = ui.vocabulary_of(run.model_id)
                ui.draw(lesson, "stream_pushes", block.figures.pushes_figure, found.names, pushed, vocabulary)
            st.latex(block.formula.worked_sum(found.names, pushed))
        st.caption(lesson.labels["same"].format(difference=f"{block.stream.difference(found, run):.1g}"))
        ui.ran(run)


def norm(lesson: Lesson) -> None:
    if (run := ui.live(lesson, "norm")) and (ours := followed(lesson, run)):
        layer, place = layer_and_word(lesson, "norm", run)
        times = ui.choice(lesson, "norm_times", lesson.labels["times"], ("0.1", "1", "10", "100"), "1")
        found = block.norms.normalised(*ours, layer, place, float(times))
        ui.draw(lesson, "norm_vector", block.figures.normalised_figure, found)
        st.latex(block.formula.worked_norm(found))
        ui.ran(run)


def mlp(lesson: Lesson) -> None:
    if (run := ui.live(lesson, "mlp")) and (ours := followed(lesson, run)):
        found = block.units.units(*ours, *layer_and_word(lesson, "mlp", run))
        st.text(lesson.labels["firing"].format(firing=found.firing, all=len(found.activations)))
        ui.draw(lesson, "mlp_firing", block.figures.firing_figure, found)
        ui.draw(lesson, "mlp_units", block.figures.units_figure, found, ui.vocabulary_of(run.model_id))
        ui.ran(run)


def counted(lesson: Lesson) -> None:
    model = ui.model_of(ui.model_picker(lesson, "counted_model"))
    if model:
        found = block.counting.count(model)
        ui.draw(lesson, "counted_parts", block.figures.count_figure, found)
        st.text(block.counting.in_words(found, lesson.labels))
        if shape := block.counting.shape(model):
            st.latex(block.formula.worked_count(shape))


DEMOS = (stream, norm, orders, mlp, counted, lens, switches, depth, compare)
ui.lesson_page("block", {demo.__name__: demo for demo in DEMOS})
