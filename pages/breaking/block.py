"""Demos of the block lesson that take a part out, turn an order round, or compare; and how all its demos begin."""

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, block
from model_utils.queueing import Report
from model_utils.types import Floats, Model, Trace
from pages import ui
from pages.ui.computed import computed

if TYPE_CHECKING:
    from lessons.block.lens import Lens
    from lessons.block.network import Network
    from lessons.block.stream import Broken, Stream

Ours = tuple["Network", "Stream"]


def followed(lesson: Lesson, run: Trace) -> Ours | None:
    """The model's own tables and our forward pass over them; None after a sentence was drawn."""
    model = ui.model_of(run.model_id)
    network = model and block.network.read(model)
    found = network and _stream(run, block.stream.INTACT)
    if found and block.stream.follows(found, run):
        return network, found
    if model:
        st.text(lesson.labels["other_shape"])
    return None


def _stream(run: Trace, broken: "Broken") -> "Stream | None":
    """Our forward pass, once for all learners who ask for the same; None after a sentence was drawn."""

    def work(model: Model, report: Report) -> "Stream":
        return block.stream.stream(block.network.read(model), run, broken)

    return computed(("block", run.text, broken), run.model_id, work)


def _lens(run: Trace, broken: "Broken") -> "Lens | None":
    """The logit lens of our forward pass; None where the network reads nothing out."""
    found = _stream(run, broken)

    def work(model: Model, report: Report) -> "Lens | tuple[()]":
        return block.lens.lens(block.network.read(model), found) or ()

    return (found and computed(("block lens", run.text, broken), run.model_id, work)) or None


def layer_and_word(lesson: Lesson, name: str, run: Trace) -> tuple[int, int]:
    """A layer and one of the run's words, both counted from 0."""
    left, right = st.columns(2)
    layers = [str(layer) for layer in range(len(run.attentions))]
    with left:
        layer = ui.choice(lesson, f"{name}_layer", ui.words()["picking.layer"], layers, layers[min(1, len(layers) - 1)])
    with right:
        return int(layer), ui.pick_word(lesson, f"{name}_at", lesson.labels["which_word"], run.tokens)


def orders(lesson: Lesson) -> None:
    if (run := ui.live(lesson, "orders")) and (ours := followed(lesson, run)):
        layer, place = layer_and_word(lesson, "orders", run)
        ways = block.norms.stages(*ours, layer, place, lesson.labels["f"])
        for column, name, stages in zip(st.columns(2), ("pre", "post"), ways, strict=True):
            with column:
                st.text(lesson.labels[name])
                ui.draw(lesson, f"orders_{name}", block.figures.stages_figure, stages)
        sizes = [block.norms.lengths(states, place) for states in block.stream.both_orders(*ours, run)]
        names = block.figures.part_names(ours[1].names, lesson.labels)
        ui.draw(lesson, "orders_lengths", block.layers_figures.lengths_figure, names, *sizes, ours[0].pre_norm)
        ui.ran(run)


def lens(lesson: Lesson) -> None:
    run = ui.live(lesson, "lens", block.NUMBER, ("causal",))
    if run and followed(lesson, run) and (found := _lens(run, block.stream.INTACT)):
        vocabulary = ui.vocabulary_of(run.model_id)
        truth = _truth(run, found, vocabulary)
        ui.draw(lesson, "lens_map", block.layers_figures.lens_figure, found, truth, run.tokens, vocabulary)
        ui.draw(lesson, "lens_words", block.layers_figures.words_figure, found, truth, vocabulary)
        st.text(block.lens.in_words(found, truth, lesson.labels))
        ui.ran(run)


def switches(lesson: Lesson) -> None:
    run = ui.live(lesson, "switches", block.CAPITAL, ("causal",))
    if run and followed(lesson, run) and (intact := _lens(run, block.stream.INTACT)):
        left, right = st.columns(2)
        with left:
            parts = block.stream.SWITCHES
            part = ui.choice(lesson, "switches_part", lesson.labels["taken_out"], parts, show=_named(lesson, "no_"))
        with right:
            layers = ("all", *(str(layer) for layer in range(len(run.attentions))))
            start = layers[min(block.SHOWN_LAYER + 1, len(layers) - 1)]
            layer = ui.choice(lesson, "switches_layer", lesson.labels["of_layer"], layers, start, show=_named(lesson))
        without = block.stream.Broken(part, None if layer == "all" else int(layer))
        if broken := _lens(run, without):
            _both(lesson, run, intact, broken)
            _sweep(lesson, run, intact)
            ui.ran(run)


def _both(lesson: Lesson, run: Trace, intact: "Lens", broken: "Lens") -> None:
    """The prediction and the lens of the intact model beside those of the broken one."""
    others = [replace(run, logits=found.logits[None]) for found in (intact, broken)]
    ui.next_words(lesson, "switches_next", others[0], beside=others[1], k=6)
    vocabulary = ui.vocabulary_of(run.model_id)
    for column, name, found in zip(st.columns(2), ("intact", "broken"), (intact, broken), strict=True):
        with column:
            st.text(ui.words()[f"figure.{name}"])
            drawn_by = block.layers_figures.lens_figure
            ui.draw(lesson, f"switches_lens_{name}", drawn_by, found, None, run.tokens, vocabulary)


def _sweep(lesson: Lesson, run: Trace, intact: "Lens") -> None:
    """Every switch in turn: what is left of the intact model's word."""
    model, word = ui.model_of(run.model_id), int(intact.last[-1].argmax())
    if model.parameters > block.SWEEP_AT_MOST:
        st.caption(lesson.labels["no_sweep"])
        return
    st.text(lesson.labels["sweep"].format(word=model.vocabulary[word].strip()))
    parts = [lesson.labels[f"no_{part}"] for part in block.stream.SWITCHES]

    def work(model: Model, report: Report) -> Floats:
        return block.stream.sweep(block.network.read(model), run, word)

    left = computed(("block sweep", run.text, word), run.model_id, work)
    if left is not None:
        ui.draw(lesson, "switches_sweep", block.layers_figures.sweep_figure, parts, left)


def depth(lesson: Lesson) -> None:
    blocks = int(ui.choice(lesson, "depth_blocks", lesson.labels["blocks"], block.DEPTHS, "24"))
    stacks = {name: block.depth.deep(name, blocks) for name in block.depth.STACKS}
    ui.draw(lesson, "depth_curves", block.layers_figures.depth_figure, stacks)
    depths = [int(depth) for depth in block.DEPTHS]
    both = {name: [block.depth.deep(name, depth) for depth in depths] for name in ("pre", "post")}
    ui.draw(lesson, "depth_last", block.layers_figures.last_figure, depths, both)


def compare(lesson: Lesson) -> None:
    runs = ui.compare(lesson, "compare", block.NEAR_TEXTS)
    streams = [ours and ours[1] for ours in (followed(lesson, run) for run in runs or ())]
    if not streams or None in streams:
        return
    sizes = [_last_lengths(found) for found in streams]
    ui.draw_both(lesson, "compare_added", block.figures.added_figure, runs, sizes)
    if streams[0].names != streams[1].names:
        st.text(lesson.labels["other_depth"])
        return
    first, second = (size[1] for size in sizes)
    same_model = runs[0].model_id == runs[1].model_id  # the vectors of two models have nothing in common
    apart = block.norms.apart(*streams) if same_model else None
    ui.draw(lesson, "compare_difference", block.figures.difference_figure, streams[0].names, second - first, apart)


def _last_lengths(found: "Stream") -> tuple:
    """What `added_figure` draws of the last word."""
    return found.names, *(block.norms.lengths(vectors, -1) for vectors in (found.added, found.states))


def _truth(run: Trace, found: "Lens", vocabulary: tuple[str, ...]) -> object:
    """Meadow's truth, for a model that learnt Meadow."""
    from model_utils import catalogue

    card = catalogue.find(run.model_id)
    return block.lens.truth(run, vocabulary, found.first) if card and card.reads_meadow else None


def _named(lesson: Lesson, before: str = "") -> object:
    """The label of an option; a number, such as a layer's, stands for itself."""
    return lambda option: lesson.labels.get(f"{before}{option}", option)
