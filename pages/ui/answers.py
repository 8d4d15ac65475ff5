"""What a learner answered, and which lessons they opened. Kept for the visit, which outlives a reload of the page.

A store that outlives the server replaces `_kept`.
"""

import re
from dataclasses import dataclass
from uuid import uuid4

import streamlit as st

COOKIE = "clearhead_visit"  # ends with the browser's session; a random number, nothing about anybody
VISITS = 2_000  # of these the answers are kept; the oldest go first
VISIT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Answer:
    """The option chosen, by its place (None: the learner asked to be shown), or the text typed for a task."""

    option: int | None = None
    text: str = ""


def visitor() -> str:
    """Who answers. One browser is one visitor until there are accounts."""
    if COOKIE not in st.session_state:
        brought = str(st.context.cookies.get(COOKIE, ""))
        st.session_state[COOKIE] = brought if VISIT.fullmatch(brought) else uuid4().hex
    return st.session_state[COOKIE]


def remember_visitor() -> None:
    """Let the browser bring the visitor's number along when it loads a page again."""
    if st.context.cookies.get(COOKIE) != visitor():
        cookie = f"{COOKIE}={visitor()}; path=/; SameSite=Strict"
        st.html(f"<script>document.cookie = '{cookie}'</script>", unsafe_allow_javascript=True)


def get(visitor: str, slug: str, number: int) -> Answer | None:
    """The answer given to check `number` of lesson `slug`, or None."""
    return _kept(visitor).get((slug, number))


def put(visitor: str, slug: str, number: int, answer: Answer | None) -> None:
    """Keep an answer; None forgets it."""
    _kept(visitor)[slug, number] = answer


def see(visitor: str, slug: str) -> None:
    """Note that a lesson was opened."""
    _kept(visitor)[slug, None] = True


def seen(visitor: str, slug: str) -> bool:
    """Whether a lesson was opened in this visit."""
    return (slug, None) in _kept(visitor)


@st.cache_resource(max_entries=VISITS, show_spinner=False)
def _kept(visitor: str) -> dict:
    return {}
