"""One failing part of a page never takes the rest with it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import unwrap

import streamlit as st

from pages.ui.language import words

PANIC = "PanicException"  # what a library written in Rust raises when it fails: no Exception, and it has no module
LOG = logging.getLogger(__name__)


@contextmanager
def guard(what: str, sentence: str = "errors.demo") -> Iterator[None]:
    """Whatever is raised inside becomes a sentence in its place; the cause goes to the log, never to a learner."""
    try:
        yield
    except BaseException as error:
        if not (isinstance(error, Exception) or type(error).__name__ == PANIC):
            raise  # Streamlit stops and restarts a page by exceptions of its own
        LOG.exception("%s failed", what)
        st.container(border=True).text(words()[sentence])


def guarded_fragment(function: Callable[..., None]) -> Callable[..., None]:
    """A part of a page as a fragment with the guard inside it: a fragment's own reruns do not pass through the page."""
    plain = unwrap(function)  # a page may have made it a fragment already

    @wraps(plain)
    def run(*given: object) -> None:
        with guard(f"{plain.__module__}.{plain.__name__}"):
            plain(*given)

    return st.fragment(run)
