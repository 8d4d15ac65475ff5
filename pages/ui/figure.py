"""A figure with its tools, the next-word bars, and the line that says what ran where."""

from collections.abc import Callable

import streamlit as st

from lessons import Lesson
from model_utils.types import Trace
from pages.ui.controls import key_of
from pages.ui.language import say

CONFIG = {"displaylogo": False, "displayModeBar": "hover", "responsive": True}


def figure(lesson: Lesson, name: str, fig: object, code: Callable | None = None, alt: str | None = None) -> None:
    """Draw a Plotly figure. `code` is the function that drew it; `alt` says in words what it shows."""
    st.plotly_chart(fig, key=key_of(lesson, name), config=CONFIG, theme=None, alt=alt)


def ran(run: Trace) -> None:
    """One line: model, device, time."""
    st.caption(say("running.ran", model=run.model_id, device=run.device, time=f"{run.seconds * 1000:.0f} ms"))
