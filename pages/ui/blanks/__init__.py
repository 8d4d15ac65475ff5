"""A sentence whose words can be covered with a click, and the run of a masked model over what is left."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lessons import Lesson, ui_text
from pages.ui.address import keep, seed
from pages.ui.blanks.covering import MASK, Covered, Piece, cover, offered, pieces, read_places, write_places
from pages.ui.controls import key_of

HERE = Path(__file__).parent


@st.cache_resource(show_spinner=False)
def _component() -> object:
    return st.components.v2.component(
        "clearhead_blanks",
        html='<div class="blanks"></div>',
        css=(HERE / "blanks.css").read_text(encoding="utf-8"),
        js=(HERE / "blanks.js").read_text(encoding="utf-8"),
    )


def blanks(lesson: Lesson, name: str, text: str, mask: str = MASK) -> Covered:
    """The words of `text` as buttons: a click covers one or lifts its cover. Returns the text as covered now.

    A text without a mask opens with its last word covered, and says so. mask: how the model spells a gap.
    """
    key, found = key_of(lesson, name), pieces(text)
    words, start = ui_text(lesson.language), offered(found)
    if st.session_state.get(f"{key}.of", text) != text:  # another text: its words are other words
        st.session_state[key] = ""
    st.session_state[f"{key}.of"] = text
    seed(key, "", lambda asked: asked if read_places(asked, len(found)) is not None else None)
    asked = read_places(st.session_state[key], len(found))
    places = start if asked is None else tuple(place for place in asked if not found[place].typed)
    if found:
        _strip(key, found, places, mask, words)
    keep(key, "" if places == start else write_places(places), "", shown=words["blanks.as_typed"])
    if start and places == start:
        st.caption(words["blanks.offered"])
    return cover(text, found, places)


def _strip(key: str, found: Sequence[Piece], places: Sequence[int], mask: str, words: dict[str, str]) -> None:
    """The component; what it tells goes into the session before the next run."""

    def clicked() -> None:
        told = st.session_state[f"{key}.strip"].covered
        numbers = told if isinstance(told, list) else []
        st.session_state[key] = write_places({int(n) for n in numbers if isinstance(n, int | float) and 0 <= n < 999})

    data = {
        "words": [piece.word for piece in found],
        "covered": list(places),
        "fixed": [place for place, piece in enumerate(found) if piece.typed],
        "mask": mask,
        "labels": {name: words[f"blanks.{name}"] for name in ("strip", "cover", "lift", "typed", "hint")},
    }
    _component()(key=f"{key}.strip", data=data, on_covered_change=clicked)
