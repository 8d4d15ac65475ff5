"""BertViz's head view and model view, offline and safe, beside our own lens."""

from pathlib import Path

import streamlit as st

from lessons import Lesson
from model_utils.types import Trace
from pages.ui.bertviz.document import View, drawing
from pages.ui.controls import key_of, slider, switch
from pages.ui.language import say, theme

_component = st.components.v2.component(
    "clearhead_bertviz",
    html='<div class="bertviz"></div>',
    js=(Path(__file__).parent / "frame.js").read_text(encoding="utf-8"),
)


def bertviz_head(lesson: Lesson, name: str, run: Trace) -> None:
    """Lines from word to word, a colour for each head; drawn when the learner asks for it."""
    _draw(lesson, name, run, "head")


def bertviz_model(lesson: Lesson, name: str, run: Trace) -> None:
    """A small drawing for every head of every layer; drawn when the learner asks for it."""
    _draw(lesson, name, run, "model")


def _draw(lesson: Lesson, name: str, run: Trace, view: View) -> None:
    if not switch(lesson, name, say(f"bertviz.{view}")):
        return
    layers = len({attention.layer for attention in run.attentions})
    first = int(st.session_state.get(f"{key_of(lesson, name)}_layer", 0))
    drawn = drawing(run, view, theme(), min(first, layers - 1))
    if len(drawn.layers) < layers:
        slider(lesson, f"{name}_layer", say("bertviz.first_layer"), 0, layers - 1, 0)
    total = max(len(run.tokens), len(run.source_tokens or ()))
    if drawn.tokens < total or len(drawn.layers) < layers:
        facts = {"tokens": drawn.tokens, "total": total, "first": drawn.layers[0], "last": drawn.layers[-1]}
        st.caption(say("bertviz.limit", **facts))
    data = {"html": drawn.html, "height": drawn.height, "title": say(f"bertviz.{view}")}
    _component(key=f"{key_of(lesson, name)}_frame", data=data)
