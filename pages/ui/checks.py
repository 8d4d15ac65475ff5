"""Checks: a prediction before the reveal, quiz items with a reason for each option, tasks that the model grades."""

import streamlit as st

from lessons import Check, Lesson, LessonError, Option, checks, course
from pages.ui import answers
from pages.ui.answers import Answer
from pages.ui.guard import guarded_fragment
from pages.ui.language import language, say, words
from pages.ui.task import draw_task

MARKS = {True: ":material/check_circle:", False: ":material/cancel:"}


def draw_check(lesson: Lesson, number: int) -> None:
    """Draw the item of that number where its marker stands."""
    check = next((item for item in checks(lesson.slug, lesson.language) if item.number == number), None)
    if check is None:
        raise LessonError(f"lessons/{lesson.slug}/checks.toml: no check {number}")
    with st.container(border=True, key=f"item-{number}"):
        st.caption(_heading(check))
        {"prediction": _prediction, "quiz": _quiz, "task": draw_task}[check.kind](lesson, check)


def covered(lesson: Lesson, demo: str) -> bool:
    """Whether a demo still waits for a prediction; if so, a sentence stands in its place.

    A link that carries a state of the demo opens it: whoever shares a view wants it seen.
    """
    if any(key.startswith(f"{lesson.slug}.{demo}") for key in st.query_params):
        return False
    waits = any(
        check.demo == demo and _answer(lesson, check) is None
        for check in checks(lesson.slug, lesson.language)
        if check.kind == "prediction"
    )
    if waits:
        with st.container(border=True, key=f"covered-{demo}"):
            st.caption(words()["checks.covered"])
    return waits


def _heading(check: Check) -> str:
    if check.from_lesson is None:
        return words()[f"checks.{check.kind}"]
    titles = {entry.slug: entry.title for part in course(language()) for entry in part.lessons}
    return say("checks.from_lesson", title=titles[check.from_lesson])


@guarded_fragment
def _prediction(lesson: Lesson, check: Check) -> None:
    """Choose, lock in, then see both: what was predicted and what happens. The page below opens with it."""
    given = _answer(lesson, check)
    chosen = _choose(lesson, check, locked=given is not None)
    if given is not None:
        _compare(check, given)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        locked = st.button(words()["checks.commit"], key=_key(lesson, check, "commit"), disabled=chosen is None)
        shown = st.button(words()["checks.show_me"], key=_key(lesson, check, "show"), type="tertiary")
    if locked or shown:
        _put(lesson, check, Answer(option=chosen if locked else None))
        st.rerun()


def _compare(check: Check, given: Answer) -> None:
    right = next(option for option in check.options if option.right)
    if given.option is None:
        st.markdown(words()["checks.no_prediction"])
    else:
        option = check.options[given.option]
        predicted = f"{MARKS[option.right]} {say('checks.you_said', answer=option.text)}"
        st.markdown(predicted if option.right else f"{predicted}  \n{option.reason}")
    st.markdown(f"**{say('checks.happened', answer=right.text)}**  \n{right.reason}")


@guarded_fragment
def _quiz(lesson: Lesson, check: Check) -> None:
    """Choose and check. A wrong choice gets its reason and another try; the right one gets all the reasons."""
    given = _answer(lesson, check)
    chosen = _choose(lesson, check, locked=given is not None)
    if given is None or given.option is None:
        answer = words()["checks.answer"]
        disabled = chosen is None
        st.button(answer, key=_key(lesson, check, "answer"), disabled=disabled, on_click=_take, args=(lesson, check))
        return
    option = check.options[given.option]
    verdict = words()["checks.right" if option.right else "checks.wrong"]
    st.markdown(f"{MARKS[option.right]} **{verdict}**  \n{option.reason}")
    if option.right:
        _reasons(check, option)
    st.button(
        words()["checks.retry"],
        key=_key(lesson, check, "retry"),
        type="tertiary",
        on_click=_put,
        args=(lesson, check, None),
    )


def _reasons(check: Check, chosen: Option) -> None:
    """Why the other options are wrong."""
    for option in check.options:
        if option != chosen:
            st.markdown(f"{MARKS[option.right]} **{option.text}**  \n{option.reason}")


def _choose(lesson: Lesson, check: Check, locked: bool) -> int | None:
    """The place of the option chosen, None as long as there is none. The question stays in full ink when locked."""
    st.markdown(check.question)
    return st.radio(
        check.question,
        range(len(check.options)),
        index=None,
        format_func=lambda place: check.options[place].text,
        key=_key(lesson, check, "option"),
        disabled=locked,
        label_visibility="collapsed",
        persist_state="session",
    )


def _answer(lesson: Lesson, check: Check) -> Answer | None:
    return answers.get(answers.visitor(), lesson.slug, check.number)


def _take(lesson: Lesson, check: Check) -> None:
    """The option chosen becomes the answer."""
    _put(lesson, check, Answer(option=st.session_state[_key(lesson, check, "option")]))


def _put(lesson: Lesson, check: Check, answer: Answer | None) -> None:
    answers.put(answers.visitor(), lesson.slug, check.number, answer)


def _key(lesson: Lesson, check: Check, part: str) -> str:
    return f"{lesson.slug}.check{check.number}.{part}"
