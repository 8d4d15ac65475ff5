"""Checks: a prediction before the reveal, quiz items with a reason for each option, tasks that the model grades."""

import streamlit as st

from lessons import Check, Lesson, checks
from pages.ui import answers
from pages.ui.language import words


def draw_check(lesson: Lesson, check: Check) -> None:
    """Draw one item where its marker stands."""
    st.markdown(check.question)


def covered(lesson: Lesson, demo: str) -> bool:
    """Whether a demo waits for a prediction that the learner has not committed to; if so, says it in its place."""
    waits = any(
        check.demo == demo and answers.get(answers.visitor(), lesson.slug, check.number) is None
        for check in checks(lesson.slug, lesson.language)
        if check.kind == "prediction"
    )
    if waits:
        st.info(words()["checks.covered"])
    return waits
