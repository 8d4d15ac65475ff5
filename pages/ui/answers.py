"""What a learner answered. Today it lasts for the visit; a store that outlives it replaces these two functions."""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Answer:
    """The option chosen, by its place (None: the learner asked to be shown), or the text typed for a task."""

    option: int | None = None
    text: str = ""


def visitor() -> str:
    """Who answers. One browser tab is one visitor until there are accounts."""
    return "visit"


def get(visitor: str, slug: str, number: int) -> Answer | None:
    """The answer given to check `number` of lesson `slug`, or None."""
    return st.session_state.get(_key(visitor, slug, number))


def put(visitor: str, slug: str, number: int, answer: Answer | None) -> None:
    """Keep an answer; None forgets it."""
    st.session_state[_key(visitor, slug, number)] = answer


def _key(visitor: str, slug: str, number: int) -> str:
    return f"answer.{visitor}.{slug}.{number}"
