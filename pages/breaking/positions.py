"""Demos of the positions lesson that turn, slope, go too far or take positions away; and what several demos share."""

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, positions
from model_utils.interventions import PositionsOff
from model_utils.types import Floats
from pages import ui

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from lessons.positions.schemes import Scheme
    from lessons.positions.steps import Moved

CLOCK_POSITIONS = 49
ALIBI_REACH = 33
SHIFT = 10  # how much further on the same two words stand, in the worked formula


@lru_cache(maxsize=64)  # frames take longer to compose than to send: a whole class draws each of them once
def clocks(lesson: Lesson, width: int, base: float, theme: str) -> "go.Figure":
    curves = positions.curves
    table, turns = curves.sinusoids(CLOCK_POSITIONS, width, base), curves.wavelengths(width, base)
    return positions.clocks.clocks_figure(table, turns, lesson.labels, theme)


@lru_cache(maxsize=64)
def _arrows(lesson: Lesson, base: float, distance: int | None, theme: str) -> "go.Figure":
    found = positions.curves.arrows(base, distance)
    return positions.clocks.arrows_figure(found, distance or 0, lesson.labels, theme)


@st.cache_data(max_entries=32, show_spinner=False)
def _path(model_id: str, _table: Floats) -> tuple[Floats, Floats]:
    """One decomposition a model; its id is the key."""
    return positions.schemes.path(_table)


def two_orders(lesson: Lesson, name: str, text: str, opens_on: str | None = None) -> "tuple[Moved, Moved] | None":
    """A text in two orders through a model with positions and without: what moved, drawn; None after a sentence."""
    words, steps = lesson.labels, positions.steps
    run = ui.live(lesson, name, text, opens_on=opens_on)
    if run is None:
        return None
    order = ui.choice(
        lesson, f"{name}_order", words["order"], positions.ORDERS, show=lambda which: words[f"order_{which}"]
    )
    other = steps.reordered(run.text, order)
    st.text(f"{run.text}\n{other}")
    runs = [ui.traced(run.model_id, each, off) for off in ((), (PositionsOff(),)) for each in (run.text, other)]
    if None in runs:
        return None
    intact, broken = steps.moved(*runs[:2]), steps.moved(*runs[2:])
    if intact is None or broken is None:
        st.text(words["other_tokens"])
        return None
    ui.draw(lesson, f"{name}_moved", positions.figures.moved_figure, intact, broken)
    st.text(words["cosines"].format(intact=f"{intact.cosine:.3f}", broken=f"{broken.cosine:.3f}"))
    ui.ran(runs[-1])
    return intact, broken


def own_table(lesson: Lesson, name: str, model_id: str, view: str) -> None:
    """The table of a model that the learner picks, or in a sentence and curves what it has instead."""
    model_id = ui.model_picker(lesson, f"{name}_model", ("causal", "encoder", "masked"), default=model_id)
    model = ui.model_of(model_id)
    if model is None:
        return
    found, words = positions.schemes.scheme(model), lesson.labels
    st.caption(words[f"has_{found.kind}"])
    if found.kind != "none":
        view = view if found.kind == "table" else "curves"
        drawn_by, *shown = _view_of(found, model_id, view)
        figure = drawn_by(*shown, words, ui.theme())
        ui.figure(lesson, f"{name}_{view}", figure, drawn_by, words[f"{view}_alt"])


def _view_of(found: "Scheme", model_id: str, view: str) -> tuple:
    """The function that draws this view of a scheme, and what it draws."""
    if found.table is None:
        return positions.figures.own_kind_figure, found.curves
    drawn_by, schemes = positions.tables, positions.schemes
    places = schemes.places(len(found.table))
    if view == "path":
        return drawn_by.path_figure, *_path(model_id, found.table)
    if view == "similarity":
        return drawn_by.similarity_figure, schemes.similarity(found.table), places
    return drawn_by.table_figure, found.table[places, : schemes.COORDINATES], places, None


def rope(lesson: Lesson) -> None:
    words = lesson.labels
    left, right = st.columns(2)
    with left:
        power = ui.slider(lesson, "rope_base", words["base_power"], 1, 6, 4)
    with right:
        distance = ui.slider(lesson, "rope_distance", words["apart"], 0, 20, 3)
    for column, apart, name in zip(st.columns(2), (None, distance), ("alone", "both"), strict=True):
        with column:
            st.caption(words[f"rope_{name}"])
            figure = _arrows(lesson, 10**power, apart, ui.theme())
            ui.figure(lesson, f"rope_{name}", figure, positions.clocks.arrows_figure, alt=words[f"rope_{name}_alt"])
    product = positions.curves.arrows(10**power, distance).product
    st.latex(positions.formula.same_distance(distance, SHIFT, (product[0], product[SHIFT]), 10**power))


def alibi(lesson: Lesson) -> None:
    heads = int(ui.choice(lesson, "alibi_heads", lesson.labels["heads"], ("2", "4", "8", "16"), "8"))
    found = positions.curves.alibi(heads, ALIBI_REACH)
    ui.draw(lesson, "alibi_lines", positions.figures.alibi_figure, *found)


def distance(lesson: Lesson) -> None:
    words = lesson.labels
    left, right = st.columns(2)
    with left:
        model_id = ui.model_picker(lesson, "distance_model", ("causal", "encoder", "masked"), default="meadow-gpt")
    with right:
        power = ui.slider(lesson, "distance_base", words["base_power"], 1, 6, 4)
    if model := ui.model_of(model_id):
        table = positions.schemes.scheme(model).table
        if table is None:
            st.text(words["no_table"])
        ways = positions.curves.four_ways(table, 10**power)
        ui.draw(lesson, "distance_ways", positions.figures.distance_figure, ways)


def beyond(lesson: Lesson) -> None:
    model_id = ui.model_picker(lesson, "beyond_model", ("causal", "encoder", "masked"), default="meadow-gpt")
    if model := ui.model_of(model_id):
        table = positions.schemes.scheme(model).table
        if table is None:
            st.text(lesson.labels["no_table"])
        else:
            found, lengths = positions.curves.beyond(len(table)), positions.schemes.row_lengths(table)
            ui.draw(lesson, "beyond_ways", positions.figures.beyond_figure, found, lengths)


def off(lesson: Lesson) -> None:
    intact = ui.live(lesson, "off", positions.BREAKS, ("causal",))
    broken = intact and ui.traced(intact.model_id, intact.text, (PositionsOff(),))
    if broken:
        for column, run, name in zip(st.columns(2), (intact, broken), ("with", "without"), strict=True):
            with column:
                st.caption(lesson.labels[f"{name}_positions"])
                ui.next_words(lesson, f"off_{name}", run)
        ui.lens(lesson, "off_lens", intact, beside=broken, shown=positions.SHOWN)
        ui.ran(broken)


def causal(lesson: Lesson) -> None:
    found = two_orders(lesson, "causal", positions.ORDERED)
    if found and not found[0].same_end:
        st.text(lesson.labels["other_end"])
    elif found:
        ui.draw(lesson, "causal_layers", positions.figures.layers_figure, *found)
