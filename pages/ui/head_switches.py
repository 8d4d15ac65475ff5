"""Which heads are off: a map of switches, layers by heads, and its place in the link."""

from collections.abc import Sequence

import streamlit as st

from lessons import Lesson
from model_utils.types import Trace
from pages.ui.address import keep, seed
from pages.ui.controls import key_of
from pages.ui.language import words

COLUMN = 46  # pixels: a phone has room for a layer of six heads

Head = tuple[int, int]


def head_switches(lesson: Lesson, name: str, run: Trace, shown: Sequence[Head]) -> tuple[Head, ...]:
    """Layer and head of each box that is ticked; `shown` are those of an untouched page, where the model has them."""
    sizes = tuple(len(attention.attn_weights) for attention in run.attentions)
    key, default = key_of(lesson, name), write_heads(read_heads(write_heads(shown), sizes) or ())
    shape = "x".join(str(size) for size in sizes)
    table = f"{key}.{shape}"  # another model's map is another widget, and starts from what the link or the page asks
    seed(key, default, lambda asked: asked if read_heads(asked, sizes) is not None else None)
    if table not in st.session_state:
        st.session_state[f"{table}.base"] = st.session_state[key]
    base = read_heads(st.session_state[f"{table}.base"], sizes) or ()
    columns = {str(head): [(layer, head) in base for layer in range(len(sizes))] for head in range(max(sizes))}
    corner = f"{words()['picking.layer']} ↓ {words()['picking.head']} →"
    edited = st.data_editor(
        {corner: [str(layer) for layer in range(len(sizes))]} | columns,
        column_config={head: st.column_config.CheckboxColumn(width=COLUMN) for head in columns},
        disabled=[corner],
        hide_index=True,
        key=table,
    )
    off = tuple(
        (layer, int(head))
        for layer, size in enumerate(sizes)
        for head in columns
        if edited[head][layer] and int(head) < size
    )
    st.session_state[key] = write_heads(off)
    keep(key, st.session_state[key], default)
    return off


def write_heads(heads: Sequence[Head]) -> str:
    """Heads as they stand in a link: "1.1_1.3", or "none"."""
    return "_".join(f"{layer}.{head}" for layer, head in heads) or "none"


def read_heads(text: str, sizes: Sequence[int]) -> tuple[Head, ...] | None:
    """The heads that a link asks for, those that this model has; None when it is no list of heads."""
    if text == "none":
        return ()
    try:
        pairs = [tuple(int(part) for part in pair.split(".")) for pair in text.split("_")]
    except ValueError:
        return None
    if not all(len(pair) == 2 for pair in pairs):
        return None
    return tuple((layer, head) for layer, head in pairs if 0 <= layer < len(sizes) and 0 <= head < sizes[layer])
