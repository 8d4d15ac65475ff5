"""What most demos begin with and end with: a live run of the learner's own text, and a figure of it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson
from model_utils.types import Trace
from pages.ui.aids import aids
from pages.ui.controls import model_picker, prompt
from pages.ui.figure import figure
from pages.ui.language import language, theme, words
from pages.ui.running import traced

if TYPE_CHECKING:
    import plotly.graph_objects as go


KINDS = ("causal", "encoder", "masked")


def live(
    lesson: Lesson, name: str, default: str | None = None, kinds: Sequence[str] = KINDS, opens_on: str | None = None
) -> Trace | None:
    """A model to pick, a text to type, and the run of the one over the other; None after a sentence was drawn.

    With a `default` text an untouched demo opens on Meadow-GPT, or on `opens_on`. Without one it opens on the model of
    the learner's language and that model's first text; a model picked later brings its own first text along.
    """
    left, right = st.columns([1, 2])
    with left:
        model_id = model_picker(lesson, f"{name}_model", kinds, default=opens_on or opening(default))
    with right:
        text = prompt(lesson, f"{name}_text", model_id, default=default or first_text(model_id))
    run = traced(model_id, text)
    if not of_kind(run, kinds):
        return None
    aids(lesson, name, run)
    return run


def of_kind(run: Trace | None, kinds: Sequence[str]) -> bool:
    """Whether a run is there and of a kind the demo is for; any model can be typed in, a translator too."""
    if run is not None and run.model_kind not in kinds:
        st.text(words()["errors.other_kind"])
    return run is not None and run.model_kind in kinds


def opening(default: str | None) -> str | None:
    """The model of the learner's language, for a demo that needs no certain text."""
    from model_utils import catalogue

    return None if default else catalogue.opening(language()).id


def first_text(model_id: str) -> str | None:
    """What an untouched demo shows of a model that has a text of its own."""
    from model_utils import catalogue

    card = catalogue.find(model_id)
    return (card.first_text or None) if card else None


def draw(lesson: Lesson, name: str, drawn_by: "Callable[..., go.Figure]", *tensors: object) -> None:
    """Draw `drawn_by(*tensors, words, theme)`, the shape of every figure function of a lesson, with its tools.

    The lesson's label `<name>_alt` says to those who cannot see it what the figure shows.
    """
    figure(
        lesson, name, drawn_by(*tensors, lesson.labels, theme()), code=drawn_by, alt=lesson.labels.get(f"{name}_alt")
    )
