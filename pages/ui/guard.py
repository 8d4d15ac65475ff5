"""One failing part of a page never takes the rest with it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import unwrap

import streamlit as st

from lessons import Lesson
from pages.ui.language import words

Demo = Callable[[Lesson], None]
LOG = logging.getLogger(__name__)


@contextmanager
def guard(what: str, sentence: str = "errors.demo") -> Iterator[None]:
    """Whatever is raised inside becomes a sentence in its place; the cause goes to the log, never to a learner."""
    try:
        yield
    except Exception:
        LOG.exception("%s failed", what)
        st.container(border=True).text(words()[sentence])


def guarded_fragment(demo: Demo) -> Demo:
    """A demo as a fragment with the guard inside it: a fragment's own reruns do not pass through the page."""
    plain = unwrap(demo)  # a page may have made it a fragment already

    @wraps(plain)
    def run(lesson: Lesson) -> None:
        with guard(f"{lesson.slug}: {plain.__name__}"):
            plain(lesson)

    return st.fragment(run)
