"""What most demos begin with and end with: a live run of the learner's own text, and a figure of it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson
from model_utils.types import Trace
from pages.ui.controls import model_picker, prompt
from pages.ui.figure import figure
from pages.ui.language import theme, words
from pages.ui.running import traced

if TYPE_CHECKING:
    import plotly.graph_objects as go


def live(
    lesson: Lesson, name: str, default: str, kinds: Sequence[str] = ("causal", "encoder", "masked")
) -> Trace | None:
    """A model to pick, a text to type, and the run of the one over the other; None after a sentence was drawn."""
    left, right = st.columns([1, 2])
    with left:
        model_id = model_picker(lesson, f"{name}_model", kinds)
    with right:
        text = prompt(lesson, f"{name}_text", model_id, default=default)
    run = traced(model_id, text)
    if run is not None and run.model_kind not in kinds:  # any model can be typed in, a translator too
        st.text(words()["errors.other_kind"])
        return None
    return run


def draw(lesson: Lesson, name: str, drawn_by: "Callable[..., go.Figure]", *tensors: object) -> None:
    """Draw `drawn_by(*tensors, words, theme)`, the shape of every figure function of a lesson, with its tools.

    The lesson's label `<name>_alt` says to those who cannot see it what the figure shows.
    """
    figure(
        lesson, name, drawn_by(*tensors, lesson.labels, theme()), code=drawn_by, alt=lesson.labels.get(f"{name}_alt")
    )
