"""The seam between widgets and the page's address: any view can be shared as a link, and any link is forgiven.

Streamlit's own `bind="query-params"` writes a choice's label into the link, so a link made in one language would not
open in the other, and it drops what it cannot read without a word. Here the link carries plain values.
"""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.cleaning import clean
from pages.ui.language import say

Value = TypeVar("Value")
LONGEST_SHOWN = 40


def arrive() -> None:
    """A page is opened: what its link asks for counts once more, above what the visit remembers."""
    for key in st.query_params:
        st.session_state.pop(_read(key), None)


def seed(key: str, default: Value, accept: Callable[[str], Value | None]) -> None:
    """Before the widget is drawn: give it the value its link asks for, else what it had, else `default`.

    `accept` reads the link's text and returns None for what does not exist here. The link is read when the page is
    opened and after the Back button; never else, because the browser may send an old address with a new value.
    """
    asked = st.query_params.get(key)
    back = _history_navigation()
    if back or (asked is not None and _read(key) not in st.session_state):
        found = None if asked is None else accept(asked)
        st.session_state[key] = default if found is None else found
        st.session_state[_refused(key)] = asked if found is None else None
    untouched = f"{key}.default"
    if key not in st.session_state or st.session_state[key] == st.session_state.get(untouched):
        st.session_state[key] = default  # nobody chose it: it follows a default that goes with language or model
    st.session_state[untouched] = default
    st.session_state[_read(key)] = True


def keep(key: str, value: object, default: object, shown: str | None = None) -> None:
    """After the widget is drawn: put its value into the link (nothing for the default), and say what was refused.

    `shown` is the value in words, for the sentence about a link that asked for something else.
    """
    if value == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != _text(value):
        st.query_params[key] = _text(value)
    _say_refused(key, value, _text(value) if shown is None else shown)


def _say_refused(key: str, value: object, shown: str) -> None:
    """A sentence as long as the value that stands in for the refused one is there, none once the learner changed it."""
    asked = st.session_state.get(_refused(key))
    if asked is None:
        return
    stand_in = f"{_refused(key)}.instead"
    if st.session_state.setdefault(stand_in, value) != value:
        st.session_state[_refused(key)] = None
        del st.session_state[stand_in]
        return
    told = clean(asked[: LONGEST_SHOWN + 1])
    cut = told if len(told) <= LONGEST_SHOWN else told[:LONGEST_SHOWN] + "…"
    st.text(say("controls.forgiven", asked=cut, shown=shown))  # text, never markdown: a link is anybody's


def _history_navigation() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(key: str) -> str:
    return f"{key}.read"


def _refused(key: str) -> str:
    return f"{key}.refused"
