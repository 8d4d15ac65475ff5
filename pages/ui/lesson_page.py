"""One function walks every lesson: prose, live demos, code that ran, and checks, in the order of its text."""

import logging
from collections.abc import Callable, Mapping

import streamlit as st

from lessons import Block, Lesson, checks, read, source
from pages.ui import frame
from pages.ui.checks import covered, draw_check
from pages.ui.language import language, say, words

Demo = Callable[[Lesson], None]
LOG = logging.getLogger(__name__)


def lesson_page(slug: str, demos: Mapping[str, Demo]) -> None:
    """Draw the lesson `slug` in the learner's language; `demos` are the functions its demo markers name."""
    if not frame.framed():
        return
    lesson = read(slug, language())
    st.title(lesson.title, anchor=False)
    st.caption(f"{lesson.question} · {say('frame.minutes', minutes=lesson.minutes)}")
    for block in lesson.blocks:
        _draw(lesson, block, demos)


def guarded(demo: Demo, lesson: Lesson) -> None:
    """Run a demo; if it fails, say so in its place, log why, and leave the rest of the page alive."""
    try:
        demo(lesson)
    except Exception:
        LOG.exception("A demo of %s failed", lesson.slug)
        st.warning(words()["errors.demo"])


def _draw(lesson: Lesson, block: Block, demos: Mapping[str, Demo]) -> None:
    if block.kind == "prose":
        st.markdown(block.content)
    elif block.kind == "code":
        st.caption(words()["frame.code_note"])
        st.code(source(lesson.slug, block.content), language="python")
    elif block.kind == "check":
        draw_check(
            lesson, next(item for item in checks(lesson.slug, lesson.language) if item.number == int(block.content))
        )
    elif not covered(lesson, block.content):
        guarded(demos[block.content], lesson)
