"""A grid on which the learner paints a mask. The painting happens in the browser; Python hears of it after a stroke."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lessons import Lesson
from pages.ui.address import keep, seed
from pages.ui.controls import key_of

HERE = Path(__file__).parent
MOST_PAINTED = 14  # more cells than that cannot be hit with a finger
Visible = tuple[tuple[bool, ...], ...]


@st.cache_resource(show_spinner=False)
def _component() -> object:
    return st.components.v2.component(
        "clearhead_mask_painter",
        html='<div class="painter"></div>',
        css=(HERE / "painter.css").read_text(encoding="utf-8"),
        js=(HERE / "painter.js").read_text(encoding="utf-8"),
    )


WORDS = ("title", "looks_from", "looks_at", "may", "may_not", "as_offered", "causal", "everything", "neighbours")


def mask_painter(lesson: Lesson, name: str, tokens: Sequence[str], start: Visible) -> Visible | None:
    """The mask (T, T) as painted, `start` until then; None, and a sentence, when the text is too long for it.

    Its words stand in the lesson's labels.
    """
    key, T = key_of(lesson, name), len(tokens)
    if T > MOST_PAINTED:
        st.text(lesson.labels["too_long"].format(most=MOST_PAINTED))
        return None
    seed(key, "", lambda asked: asked if read_mask(asked, T) else None)
    visible = read_mask(st.session_state[key], T) or start

    def painted() -> None:
        st.session_state[key] = write_mask(_rows(st.session_state[f"{key}.grid"].visible))

    data = {
        "tokens": [token.strip() or token for token in tokens],
        "visible": _strings(visible),
        "start": _strings(start),
        "words": {word: lesson.labels[word] for word in WORDS},
    }
    _component()(key=f"{key}.grid", data=data, on_visible_change=painted)
    keep(key, "" if visible == start else write_mask(visible), "", shown=lesson.labels["as_offered"])
    return visible


def write_mask(visible: Visible) -> str:
    """A mask as it stands in a link: each row one number in base 16, the first token its lowest bit."""
    return ".".join(f"{sum(on << j for j, on in enumerate(row)):x}" for row in visible)


def read_mask(text: str, T: int) -> Visible | None:
    """The mask (T, T) that a link holds, or None when it is no mask of this size. A token always sees itself."""
    try:
        rows = [int(row, 16) for row in text.split(".")]
    except ValueError:
        return None
    if len(rows) != T or not all(0 <= row < 2**T for row in rows):
        return None
    return tuple(tuple(bool(row >> j & 1) or i == j for j in range(T)) for i, row in enumerate(rows))


def _rows(strings: object) -> Visible:
    """What the browser sent, whatever it is, as rows of booleans."""
    rows = strings if isinstance(strings, list) else []
    return tuple(tuple(cell == "1" for cell in str(row)[:MOST_PAINTED]) for row in rows[:MOST_PAINTED])


def _strings(visible: Visible) -> list[str]:
    return ["".join("01"[on] for on in row) for row in visible]
