"""The lens: every attention map of the course in one component of the browser.

Everything but the forward pass happens in the page: `payload.py` packs a Trace once, the scripts beside it draw it, and
Python is asked again only for the exact queries and keys of a head that did not fit.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

import lessons
from model_utils.types import Trace
from pages.ui.bundle import bundle
from pages.ui.language import words_of
from pages.ui.lens.payload import Head, payload

HERE = Path(__file__).parent
SCRIPTS = (
    "text", "unpack", "arithmetic", "colour", "dom", "overview", "map", "words", "panel", "table", "readout", "arcs",
    "exports", "link", "skeleton", "control", "draw", "acts", "lens", "main",
)  # fmt: skip
TOOLS = HERE.parent / "tools"
FILES = (TOOLS / "share.js", TOOLS / "files.js", *(HERE / f"{name}.js" for name in SCRIPTS))
TALLEST = 440  # pixels of the large map
ARITHMETIC = (HERE / "arithmetic.js").read_text(encoding="utf-8")  # what recomputes each number that is opened

_component = st.components.v2.component(
    "clearhead_lens",
    html='<div class="lens"></div>',
    css=(HERE / "lens.css").read_text(encoding="utf-8"),
    js=bundle(*FILES),
)


def lens(
    lesson: lessons.Lesson,
    name: str,
    run: Trace,
    *,
    beside: Trace | None = None,
    height: int | None = None,
    shown: Head | None = None,
) -> None:
    """Draw all heads of `run`, one of them large; with `beside`, the intact and the broken model and the change.

    What is chosen stays in the link as `<slug>.<name>=module.head[.row.column]`. height: pixels of the large map.
    shown: the attention module and head that an untouched page has; without it, the most telling ones.
    """
    runs = (run,) if beside is None else (run, beside)
    view = {"mode": "lens", "height": height or TALLEST}
    _mount(f"{lesson.slug}.{name}", runs, lesson.language, view, shown)
    with st.popover(lessons.ui_text(lesson.language)["tools.code"], type="tertiary"):
        st.code(ARITHMETIC, language="javascript")


def attention_arcs(
    name: str,
    run: Trace,
    next_words: Sequence[tuple[str, float]],
    *,
    language: str,
    shown: Head | None = None,
) -> None:
    """The first screen's light variant: the sentence, its attention as arcs that follow the pointer, the next words.

    next_words: pairs of a token and its probability, the likeliest first.
    """
    following = [[str(token), float(probability)] for token, probability in next_words]
    _mount(name, (run,), language, {"mode": "arcs", "height": TALLEST, "next": following}, shown)


def _mount(
    key: str, runs: tuple[Trace, ...], language: str, view: Mapping[str, object], shown: Head | None = None
) -> None:
    view = {**view, "name": key, "words": words_of(language, "lens"), "model": runs[0].model_id}
    packed = payload(runs, _asked(key) or shown, view)
    _component(key=key, data=packed.data, on_head_change=lambda: None)


def _asked(key: str) -> Head | None:
    """The head that the browser asked for, or the one in the link; None for neither or for nonsense."""
    state = st.session_state.get(key)
    asked = state.get("head") if state is not None else None
    if asked is None:
        asked = str(st.query_params.get(key, "")).split(".")[:2]
    try:
        module, head = (int(number) for number in asked)
    except (TypeError, ValueError, OverflowError):
        return None
    return module, head
