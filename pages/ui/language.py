"""The learner's language and theme, and the interface's words in that language."""

from collections.abc import Mapping

import streamlit as st

from lessons import LANGUAGES, ui_text

KEY = "lang"  # permanent: no widget owns it, so no page change clears it


def language() -> str:
    """The language of this visit: from the link, else as chosen before, else the browser's, else English."""
    asked = st.query_params.get(KEY)
    if asked in LANGUAGES:
        st.session_state[KEY] = asked
    elif KEY not in st.session_state:
        st.session_state[KEY] = _of_browser()
    return st.session_state[KEY]


def choose_language(chosen: str) -> None:
    """Keep the language for the visit and in the link."""
    st.session_state[KEY] = chosen
    st.query_params[KEY] = chosen


def words() -> Mapping[str, str]:
    """The interface's own words in the learner's language, flat: `words()["checks.retry"]`."""
    return ui_text(language())


def words_of(language: str, section: str) -> dict[str, str]:
    """One section of the interface's words, for a component: without the name of the section before each."""
    every = ui_text(language).items()
    return {full.removeprefix(f"{section}."): text for full, text in every if full.startswith(f"{section}.")}


def say(key: str, **facts: object) -> str:
    """One text of the interface with its {braces} filled in."""
    return words()[key].format(**facts)


def theme() -> str:
    """ "light" or "dark", as the learner's browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _of_browser() -> str:
    primary = (st.context.locale or "").split("-")[0].lower()
    return primary if primary in LANGUAGES else LANGUAGES[0]
