"""Demos of the heads lesson that take heads apart, weigh what they hand over, and switch them off."""

import numpy as np
import streamlit as st

from lessons import Lesson, heads
from model_utils.interventions import HeadOff, OwnMask
from model_utils.types import Model, Trace
from pages import ui

MOST_OFF = 8  # so many heads are also tried one by one


def lists(lesson: Lesson) -> None:
    words = lesson.labels
    model_id = ui.model_picker(lesson, "lists_model", ("causal",), default="meadow-gpt")
    left, right = st.columns(2)
    with left:
        period = ui.slider(lesson, "lists_period", words["period"], 2, 12, 4)
    with right:
        seed = ui.slider(lesson, "lists_seed", words["seed"], 0, 9, 7)
    asked = ("lists", period, seed)
    found = ui.computed(asked, model_id, lambda model, report: heads.lists.measure(model, period, seed, report))
    if found == ():
        st.text(words["too_few"])
    elif found is not None:
        layer, head = found.best
        ui.draw(lesson, "lists_scores", heads.figures.scores_figure, found.scores)
        st.text(heads.lists.in_words(found, words))
        ui.draw(lesson, "lists_looks", heads.figures.looks_figure, found.tokens, found.maps[layer, head], found.cells)


def three_ways(lesson: Lesson) -> None:
    if run := ui.live(lesson, "three_ways", heads.SENTENCE):
        layer = _layer(lesson, "three_ways_layer", run, heads.MIXED_LAYER)
        ways = {"average": heads.steps.averaged(run, layer), "rollout": heads.steps.rolled(run, layer)}
        table = _table(lesson, run, layer)
        if table:
            ways["lengths"] = heads.output.shares(heads.output.layer_lengths(run, layer, table))
        for column, (name, values) in zip(st.columns(len(ways)), ways.items(), strict=True):
            with column:
                st.caption(lesson.labels[name])
                ui.draw(lesson, f"three_ways_{name}", heads.figures.way_figure, run.tokens, values)
        ui.ran(run)


def concat(lesson: Lesson) -> None:
    words = lesson.labels
    if run := ui.live(lesson, "concat"):
        layer = _layer(lesson, "concat_layer", run, 0)
        place = ui.pick_word(lesson, "concat_word", words["at_word"], run.tokens)
        if table := _table(lesson, run, layer):
            found = heads.output.summands(run, layer, place, table)
            ui.draw(lesson, "concat_strips", heads.figures.summands_figure, found)
            st.latex(heads.formula.coordinate(found, place))
            st.text(words["equal"].format(difference=f"{found.difference:.1g}"))
        ui.ran(run)


def sweep(lesson: Lesson) -> None:
    words = lesson.labels
    run = ui.live(lesson, "sweep", heads.SHORT_LIST, ("causal",))
    model = run and ui.model_of(run.model_id)
    if not model:
        return
    layers = _layers_to_sweep(lesson, run, model)
    asked = ("sweep", run.text, layers)
    found = layers and ui.computed(
        asked, run.model_id, lambda model, report: heads.switching.sweep(model, run, layers, report)
    )
    if found:
        st.text(heads.switching.in_words(found, words))
        ui.draw(lesson, "sweep_map", heads.figures.sweep_figure, found)
        ui.ran(run)


def _layers_to_sweep(lesson: Lesson, run: Trace, model: Model) -> tuple[int, ...]:
    """All layers of a small model, one of a large one, none where even that would take too long."""
    extent = heads.switching.extent(run, model.parameters)
    if extent == "all":
        return tuple(range(len(run.attentions)))
    st.text(lesson.labels[f"sweep_{extent}"])
    return (_layer(lesson, "sweep_layer", run, 0),) if extent == "one" else ()


def pairs(lesson: Lesson) -> None:
    words = lesson.labels
    intact = ui.live(lesson, "pairs", heads.SENTENCE, ("causal",))
    vocabulary = intact and ui.vocabulary_of(intact.model_id)
    if not vocabulary:
        return
    st.caption(words["tick"])
    off = ui.head_switches(lesson, "pairs_off", intact, heads.BACKUP)
    broken = ui.traced(intact.model_id, intact.text, [HeadOff(*head) for head in off])
    if not broken:
        return
    ui.next_words(lesson, "pairs_next", intact, beside=broken)
    if 1 < len(off) <= MOST_OFF:
        alone = [ui.traced(intact.model_id, intact.text, (HeadOff(*head),)) for head in off]
        if None not in alone:
            word = heads.switching.right_word(intact, vocabulary)
            changes = [heads.switching.probability(run, word) - word.probability for run in (*alone, broken)]
            shown = (off, np.array(changes[:-1]), changes[-1], word.token)
            ui.draw(lesson, "pairs_together", heads.figures.together_figure, *shown)
    ui.ran(broken)


def resting(lesson: Lesson) -> None:
    words = lesson.labels
    if run := ui.live(lesson, "resting", heads.COPY):
        layer, head, place = ui.pick_query(lesson, "resting", words["from_word"], run, heads.RESTING)
        if table := _table(lesson, run, layer):
            found = heads.output.handed(run, layer, head, place, table)
            ui.draw(lesson, "resting_row", heads.figures.row_figure, run.tokens, found.weights, found.relative)
            st.latex(heads.formula.length(found, 0))
        hidden = ui.traced(run.model_id, run.text, (OwnMask(heads.steps.without_first(run)),))
        if hidden:
            ui.next_words(lesson, "resting_next", run, beside=hidden, names=(words["seen"], words["hidden"]))
            ui.ran(hidden)


def side_by_side(lesson: Lesson) -> None:
    if runs := ui.compare(lesson, "side_by_side", (heads.SENTENCE, heads.OTHER_SENTENCE)):
        layer, head = ui.pick_head(lesson, "side_by_side", runs[0], heads.TWO_HABITS)
        if not all(heads.steps.has(run, layer, head) for run in runs):
            st.text(lesson.labels["lacks_head"].format(layer=layer, head=head))
        maps = [heads.steps.weights_of(run, layer, head) for run in runs]
        shown = [(run.tokens, weights) for run, weights in zip(runs, maps, strict=True)]
        ui.draw_both(lesson, "side_by_side", heads.figures.weights_figure, runs, shown)
        ui.draw_difference(lesson, "side_by_side_difference", runs, *maps)


def _layer(lesson: Lesson, name: str, run: Trace, shown: int) -> int:
    layers = [str(layer) for layer in range(len(run.attentions))]
    default = layers[min(shown, len(layers) - 1)]
    return int(ui.choice(lesson, name, lesson.labels["layer"], layers, default))


def _table(lesson: Lesson, run: Trace, layer: int) -> "heads.output.Output | None":
    """The layer's output table, or None after a sentence was drawn."""
    model = ui.model_of(run.model_id)
    found = model and heads.output.output(model, run, layer)
    if model and not found:
        st.text(lesson.labels["no_table"])
    return found or None
