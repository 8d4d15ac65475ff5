"""A figure with its tools, and the line that says what ran where."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson
from model_utils.types import Trace
from pages.ui.controls import key_of
from pages.ui.language import say
from pages.ui.tools import show_tools

if TYPE_CHECKING:
    import plotly.graph_objects as go

CONFIG = {"displaylogo": False, "displayModeBar": "hover", "responsive": True}


def figure(lesson: Lesson, name: str, fig: "go.Figure", code: Callable | None = None, alt: str | None = None) -> None:
    """Draw a Plotly figure in our own template, with its tools. `code` drew it; `alt` says in words what it shows."""
    st.plotly_chart(fig, key=key_of(lesson, name), config=CONFIG, theme=None, alt=alt)
    show_tools(lesson, name, fig, code)


def ran(run: Trace) -> None:
    """One line under a demo: model, device, time. Text, because a model's id is whatever was typed."""
    st.text(say("running.ran", model=run.model_id, device=run.device, time=f"{run.seconds * 1000:.0f} ms"))
