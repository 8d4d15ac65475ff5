"""What the demos of the decoding lesson share: the settings, the one tree, and what stands behind a token of it."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, block, decoding
from lessons.numbers import readable
from model_utils import catalogue
from model_utils.queueing import Report
from model_utils.types import Model, Trace
from pages import ui

if TYPE_CHECKING:
    from lessons.block.lens import Lens
    from lessons.decoding.strategies import Settings
    from model_utils.decoding import Node, Path, Tree

# Of each setting: lowest, highest, what an untouched page has, step.
RANGES = {
    "steps": (2, 24, 8, 1), "seed": (0, 99, 0, 1), "temperature": (0.1, 3.0, 0.7, 0.1), "k": (1, 50, 5, 1),
    "p": (0.05, 1.0, 0.8, 0.05), "share": (0.0, 0.5, 0.1, 0.01), "penalty": (1.0, 2.0, 1.3, 0.1),
    "ngram": (1, 5, 3, 1), "beams": (1, 6, 3, 1), "alpha": (-1.0, 2.0, 1.0, 0.5), "samples": (1, 5, 1, 1),
}  # fmt: skip
OF_STRATEGY = {
    "temperature": ("temperature",), "top_k": ("k",), "top_p": ("p",), "min_p": ("share",), "penalty": ("penalty",),
    "no_repeat": ("ngram",), "beam": ("beams", "alpha"),
}  # fmt: skip
IN_A_ROW = 3


def sliders(lesson: Lesson, name: str, wanted: Sequence[str], **start: float) -> dict[str, float]:
    """The settings of these names, three in a row; `start`: what an untouched page has where RANGES says otherwise."""
    found = {}
    for first in range(0, len(wanted), IN_A_ROW):
        for column, setting in zip(st.columns(IN_A_ROW), wanted[first : first + IN_A_ROW], strict=False):
            low, high, default, step = RANGES[setting]
            label = lesson.labels[f"set_{setting}"]
            with column:
                default = start.get(setting, default)
                found[setting] = ui.slider(lesson, f"{name}_{setting}", label, low, high, default, step)
    return found


def strategies(lesson: Lesson, name: str, default: Sequence[str]) -> tuple[str, ...]:
    """Which strategies share the tree, in the order in which the lesson has them; kept in the link."""
    key, offered = ui.key_of(lesson, name), decoding.STRATEGIES

    def asked(text: str) -> list[str] | None:
        found = [each for each in offered if each in text.split(".")]
        return found or None

    ui.seed(key, list(default), asked)
    label, show = lesson.labels["which"], lesson.labels.get
    chosen = st.pills(label, offered, selection_mode="multi", key=key, format_func=show, persist_state="session")
    found = tuple(each for each in offered if each in (chosen or ()))
    ui.keep(key, ".".join(found), ".".join(default), shown=", ".join(map(show, found)))
    return found


def tree(lesson: Lesson, name: str, run: Trace, asked: "Settings") -> "Tree | None":
    """The tree, computed once for all who ask for the same and drawn; None after a sentence was drawn."""

    def work(model: Model, report: Report) -> "Tree | tuple[()]":
        return decoding.trees.tree(model, run.text, asked, report) or ()

    found = ui.computed(("decoding tree", run.text, asked), run.model_id, work)
    if found == ():
        st.text(lesson.labels["no_room"])
    return found or None


def drawn(lesson: Lesson, name: str, run: Trace, asked: "Settings", worked: bool = False) -> "Tree | None":
    """The tree, and behind the token that was clicked what made it so likely. worked: a sum stands there at once."""
    if not asked.strategies:
        st.text(lesson.labels["none_chosen"])
        return None
    found = tree(lesson, name, run, asked)
    if found:
        names = {strategy: lesson.labels[strategy] for strategy in asked.strategies}
        clicked = ui.tree(lesson, f"{name}_tree", found, names)
        for path in (path for path in found.paths if path.dropped_at is None):
            st.text(lesson.labels["path"].format(name=names[path.strategy], text=path.text, p=_chance(path)))
        node = decoding.opened.chosen(found, clicked)
        if worked or clicked:
            st.latex(decoding.formula.worked_path(found, node))
        st.text(lesson.labels["behind" if clicked else "click"].format(token=node.token.strip()))
        if clicked:
            behind(lesson, name, run, found, node)
    return found


def behind(lesson: Lesson, name: str, run: Trace, found: "Tree", node: "Node") -> None:
    """Where the place before the token looked, and what each layer would have said there."""
    model = ui.model_of(run.model_id)
    before = model and ui.traced(run.model_id, decoding.opened.read_before(model, run.text, found, node))
    if not before:
        return
    if not decoding.opened.same_tokens(before, model, run.text, found, node):
        st.caption(lesson.labels["read_again"])
    left, right = st.columns(2)
    with left:
        ui.draw(lesson, f"{name}_looks", decoding.figures.looks_figure, before.tokens, *decoding.opened.looks(before))
    with right:
        lens = _lens(before)
        if lens is None:
            st.text(lesson.labels["no_lens"])
            return
        said = decoding.opened.layers(lens, node.token_id, before, model.vocabulary, reads_meadow(run.model_id))
        ui.draw(lesson, f"{name}_layers", decoding.figures.layers_figure, said, node.token)


def _lens(run: Trace) -> "Lens | None":
    """The logit lens of the block lesson over this run; None for an architecture that it does not follow."""

    def work(model: Model, report: Report) -> "Lens | tuple[()]":
        network = block.network.read(model)
        found = network and block.stream.stream(network, run)
        if not found or not block.stream.follows(found, run):
            return ()
        return block.lens.lens(network, found) or ()

    return ui.computed(("decoding lens", run.text), run.model_id, work) or None


def reads_meadow(model_id: str) -> bool:
    """Whether the truth is known for this model."""
    card = catalogue.find(model_id)
    return bool(card and card.reads_meadow)


def _chance(path: "Path") -> str:
    return readable(math.exp(path.log_probability))
