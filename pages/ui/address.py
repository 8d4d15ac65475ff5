"""The seam between widgets and the page's address: any view can be shared as a link, and any link is forgiven.

Streamlit's own `bind="query-params"` writes a choice's label into the link, so a link made in one language would not
open in the other, and it drops what it cannot read without a word. Here the link carries plain values.
"""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from pages.ui.language import say

Value = TypeVar("Value")
LONGEST_SHOWN = 40


def seed(key: str, default: Value, accept: Callable[[str], Value | None]) -> None:
    """Before the widget is drawn: give it the value its link asks for, else what it had, else `default`.

    `accept` reads the link's text and returns None for what does not exist here.
    """
    asked = st.query_params.get(key)
    if asked is not None and asked != st.session_state.get(_written(key)):  # a fresh link, or the Back button
        found = accept(asked)
        st.session_state[key] = default if found is None else found
        st.session_state[_written(key)] = asked
        st.session_state[_refused(key)] = asked if found is None else None
    elif key not in st.session_state:
        st.session_state[key] = default


def keep(key: str, value: object, default: object, shown: str | None = None) -> None:
    """After the widget is drawn: put its value into the link (nothing for the default), and say what was refused.

    `shown` is the value in words, for the sentence about a link that asked for something else.
    """
    text = None if value == default else _text(value)
    st.session_state[_written(key)] = text
    if text is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != text:
        st.query_params[key] = text
    _say_refused(key, value, _text(value) if shown is None else shown)


def _say_refused(key: str, value: object, shown: str) -> None:
    """A sentence as long as the value that stands in for the refused one is there, none once the learner changed it."""
    asked = st.session_state.get(_refused(key))
    if asked is None:
        return
    if st.session_state.setdefault(f"{_refused(key)}.instead", value) != value:
        st.session_state[_refused(key)] = None
        del st.session_state[f"{_refused(key)}.instead"]
        return
    cut = asked if len(asked) <= LONGEST_SHOWN else asked[:LONGEST_SHOWN] + "…"
    st.text(say("controls.forgiven", asked=cut, shown=shown))  # text, never markdown: the link is anybody's


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _written(key: str) -> str:
    return f"{key}.written"


def _refused(key: str) -> str:
    return f"{key}.refused"
