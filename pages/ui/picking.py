"""Pick a layer, a head, a word of a run, or numbers of a small table; each choice stands in the link."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lessons import Lesson
from model_utils.types import Floats, Trace
from pages.ui.address import keep, seed
from pages.ui.controls import choice, key_of
from pages.ui.language import words

COLUMN = 50  # pixels: seven of them fit on a phone
LARGEST = 9.0  # in a table; with one decimal place it fits into such a column


def pick_head(lesson: Lesson, name: str, run: Trace, shown: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """Layer and head, both counted from 0; `shown` is what an untouched page has, where the model is large enough."""
    left, right = st.columns(2)
    return _head_in(left, right, lesson, name, run, shown)


def pick_query(
    lesson: Lesson, name: str, label: str, run: Trace, shown: tuple[int, int] = (0, 0)
) -> tuple[int, int, int]:
    """Layer, head and the word that looks, in one row; the last word is what an untouched page has."""
    left, middle, right = st.columns(3)
    layer, head = _head_in(left, middle, lesson, name, run, shown)
    with right:
        return layer, head, pick_word(lesson, f"{name}_from", label, run.tokens)


def _head_in(
    left: DeltaGenerator, right: DeltaGenerator, lesson: Lesson, name: str, run: Trace, shown: tuple[int, int]
) -> tuple[int, int]:
    layers = [str(layer) for layer in range(len(run.attentions))]
    with left:
        start = layers[min(shown[0], len(layers) - 1)]
        layer = int(choice(lesson, f"{name}_layer", words()["picking.layer"], layers, start))
    heads = [str(head) for head in range(len(run.attentions[layer].attn_weights))]
    with right:
        start = heads[min(shown[1], len(heads) - 1)]
        head = int(choice(lesson, f"{name}_head", words()["picking.head"], heads, start))
    return layer, head


def pick_word(lesson: Lesson, name: str, label: str, tokens: Sequence[str], shown: int = -1) -> int:
    """The place of one token, counted from 0. A negative `shown` counts from the end; a short text moves it."""
    key, default = key_of(lesson, name), min(shown % len(tokens) if shown < 0 else shown, len(tokens) - 1)
    places = range(len(tokens))
    seed(key, default, {str(place): place for place in places}.get)
    if st.session_state[key] not in places:  # the text became shorter
        st.session_state[key] = default
    # A select box shows its options as plain text: a token is anybody's, and must not be read as Markdown.
    place = st.selectbox(
        label, places, key=key, format_func=lambda place: f"{place} · {tokens[place].strip()}", persist_state="session"
    )
    keep(key, place, default)
    return place


def number_table(lesson: Lesson, name: str, rows: Sequence[str], columns: Sequence[str], start: Floats) -> Floats:
    """A small table of numbers to edit. start and the result: (rows, columns)."""
    key, table = key_of(lesson, name), f"{key_of(lesson, name)}.table"
    seed(key, write_table(start), lambda asked: asked if read_table(asked, start.shape) is not None else None)
    if table not in st.session_state:  # the editor is new on this page: it starts from what the visit or the link has
        st.session_state[f"{key}.base"] = st.session_state[key]
    base = read_table(st.session_state[f"{key}.base"], start.shape)
    limits = {"min_value": -LARGEST, "max_value": LARGEST, "step": 0.1, "format": "%.1f", "required": True}
    edited = st.data_editor(
        {"": list(rows)} | dict(zip(columns, base.T, strict=True)),
        column_config={column: st.column_config.NumberColumn(width=COLUMN, **limits) for column in columns},
        disabled=[""],
        hide_index=True,
        key=table,
    )
    found = np.array([edited[column] for column in columns], dtype=np.float32).T
    st.session_state[key] = write_table(found)
    keep(key, st.session_state[key], write_table(start))
    return found


def write_table(numbers: Floats) -> str:
    """A table as it stands in a link: rows apart by "_", numbers by "~", one decimal place."""
    return "_".join("~".join(f"{number:g}" for number in row.round(1)) for row in numbers)


def read_table(text: str, shape: tuple[int, ...]) -> Floats | None:
    """The table that a link holds, or None when it has another shape or numbers out of range."""
    try:
        numbers = np.array([[float(cell) for cell in row.split("~")] for row in text.split("_")])
    except (ValueError, OverflowError):
        return None
    inside = numbers.shape == shape and (np.abs(numbers) <= LARGEST).all()
    return numbers.astype(np.float32) if inside else None
