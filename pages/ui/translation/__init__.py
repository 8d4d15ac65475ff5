"""A translation step by step: source above, target below, lines as thick as the cross-attention. All in the browser."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson
from pages.ui.bundle import bundle
from pages.ui.controls import key_of
from pages.ui.language import words_of
from pages.ui.lens.payload import pack_bytes, quantise

if TYPE_CHECKING:
    from lessons.encoder_decoder.steps import Written

HERE = Path(__file__).parent
LENS, TOOLS = HERE.parent / "lens", HERE.parent / "tools"
FILES = (
    *(LENS / f"{name}.js" for name in ("text", "colour", "dom", "link")),
    *(TOOLS / f"{name}.js" for name in ("share", "files")),
    *(HERE / f"{name}.js" for name in ("lines", "drawing", "export", "translation")),
)
EXACT = 200_000  # bytes: larger weights are sent in steps of 1/255


def translation(lesson: Lesson, name: str, found: "Written", shown: tuple[int, int], start: int = 0) -> None:
    """Draw how each token of a translation came about; back and forth without a call to Python.

    shown: layer and head of an untouched page; start: the token it opens on. Both stay in the link as the reader
    leaves them.
    """
    _component()(key=key_of(lesson, name), data=packed(lesson, key_of(lesson, name), found, shown, start))


def packed(lesson: Lesson, name: str, found: "Written", shown: tuple[int, int], start: int) -> bytes:
    """What the browser gets: a header in JSON and the weights of all heads, (L, H, N, S)."""
    weights = quantise(found.weights, "float32" if found.weights.nbytes <= EXACT else "uint8")
    header = {
        "name": name,
        "words": words_of(lesson.language, "translation"),
        "source": found.source,
        "tokens": found.tokens,
        "likeliest": [[[token, p] for token, p, _ in row] for row in found.likeliest],
        "links": None if found.links is None else [row.nonzero()[0].tolist() for row in found.links],
        "shape": found.weights.shape,
        "shown": shown,
        "start": min(start, len(found.tokens) - 1),
    }
    return pack_bytes(header, {"w": weights})


@cache
def _component() -> object:
    css = "\n".join(path.read_text(encoding="utf-8") for path in (LENS / "lens.css", HERE / "translation.css"))
    html = '<div class="lens translation"></div>'
    return st.components.v2.component("clearhead_translation", html=html, css=css, js=bundle(*FILES))
