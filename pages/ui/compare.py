"""Two texts, or two models, side by side, and the difference between what they show."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson
from model_utils.types import Floats, Trace
from pages.ui.controls import choice, model_picker, prompt
from pages.ui.figure import figure
from pages.ui.language import theme, words
from pages.ui.live import KINDS, of_kind
from pages.ui.running import traced

if TYPE_CHECKING:
    import plotly.graph_objects as go

Runs = tuple[Trace, Trace]


def compare(
    lesson: Lesson,
    name: str,
    texts: tuple[str, str],
    kinds: Sequence[str] = KINDS,
    models: tuple[str, str] = ("meadow-gpt", "minilm"),
) -> Runs | None:
    """Two runs: two texts through one model, or one text through two; None after a sentence was drawn.

    texts, models: what an untouched page has. Texts of equal length in tokens have a difference that can be drawn.
    """
    by = choice(lesson, f"{name}_by", words()["compare.by"], ("texts", "models"), show=_by)
    columns = st.columns(2)
    if by == "texts":
        model_id = model_picker(lesson, f"{name}_model", kinds, default=models[0])
        typed = _in_each(columns, lambda place: _text(lesson, f"{name}_text{place + 1}", model_id, texts[place]))
        asked = [(model_id, text) for text in typed]
    else:
        picked = _in_each(columns, lambda place: _model(lesson, f"{name}_model{place + 1}", kinds, models[place]))
        text = prompt(lesson, f"{name}_text", picked[0], default=texts[0])
        asked = [(model_id, text) for model_id in picked]
    runs = []
    for model_id, text in asked:
        runs.append(traced(model_id, text))
        if not of_kind(runs[-1], kinds):  # one sentence is enough
            return None
    return runs[0], runs[1]


def draw_both(
    lesson: Lesson, name: str, drawn_by: "Callable[..., go.Figure]", runs: Runs, shown: Sequence[Sequence[object]]
) -> None:
    """`drawn_by(*shown[i], words, theme)` for each run i, beside each other, under the run's model and text."""
    for place, (column, run, tensors) in enumerate(zip(st.columns(2), runs, shown, strict=True), start=1):
        with column:
            st.text(f"{run.model_id}: {run.text}")
            figure(lesson, f"{name}{place}", drawn_by(*tensors, lesson.labels, theme()), code=drawn_by)


def draw_difference(lesson: Lesson, name: str, runs: Runs, first: Floats, second: Floats) -> None:
    """Second less first, (T, S) each, rows and columns being tokens; a sentence where they have different shapes."""
    from lessons.figures import AxisWords, heatmap

    if first.shape != second.shape:
        st.text(words()["compare.no_difference"])
        return
    tokens = [one if one == other else f"{one}|{other.strip()}" for one, other in zip(*_tokens(runs), strict=True)]
    said = AxisWords(x=words()["lens.looks_at"], y=words()["lens.looks_from"], value=words()["compare.difference"])
    columns, rows = tokens[: first.shape[1]], tokens[: first.shape[0]]
    figure(lesson, name, heatmap(second - first, columns, rows, said, theme(), diverging=True), code=heatmap)


def _tokens(runs: Runs) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return runs[0].tokens, runs[1].tokens


def _in_each(columns: Sequence, draw: Callable[[int], str]) -> list[str]:
    found = []
    for place, column in enumerate(columns):
        with column:
            found.append(draw(place))
    return found


def _text(lesson: Lesson, name: str, model_id: str, default: str) -> str:
    return prompt(lesson, name, model_id, default=default, sentences=(default,))


def _model(lesson: Lesson, name: str, kinds: Sequence[str], default: str) -> str:
    return model_picker(lesson, name, kinds, default=default)


def _by(option: str) -> str:
    return words()[f"compare.{option}"]
