"""The row under every figure: PNG, SVG, CSV, the link to this view, and the code that drew it."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson
from pages.ui.bundle import bundle
from pages.ui.controls import key_of
from pages.ui.language import say
from pages.ui.tools.csv_text import figure_csv

if TYPE_CHECKING:
    import plotly.graph_objects as go

HERE = Path(__file__).parent
FILES = tuple(HERE / f"{name}.js" for name in ("share", "files", "tools"))

_component = st.components.v2.component(
    "clearhead_tools",
    html='<div class="tools"></div>',
    css=(HERE / "tools.css").read_text(encoding="utf-8"),
    js=bundle(*FILES),
)


def show_tools(lesson: Lesson, name: str, fig: "go.Figure", code: Callable | None = None) -> None:
    """The tools of the figure that was just drawn with the key `<slug>.<name>`; `code` is the function that drew it."""
    key = key_of(lesson, name)
    data = {
        "key": re.sub(r"[^a-zA-Z0-9_-]", "-", key),  # as Streamlit writes a key into a class name
        "name": key.replace(".", "-"),
        "csv": figure_csv(fig),
        "words": {word: say(f"tools.{word}") for word in ("link", "copied", "failed")},
    }
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}.tools"):
        _component(key=f"{key}.exports", data=data, width="content" if code else "stretch")
        if code is not None:
            with st.popover(say("tools.code"), type="tertiary"):
                st.code(inspect.getsource(code), language="python")
