"""One function walks every lesson: prose, live demos, code that ran, and checks, in the order of its text."""

import re
from collections.abc import Callable, Mapping

import streamlit as st

from lessons import Block, Lesson, code, course, glossary, misconceptions, read, terms_in
from pages.ui import answers, frame
from pages.ui.checks import covered, draw_check
from pages.ui.guard import guard, guarded_fragment
from pages.ui.language import language, say, words

FORMULA = re.compile(r"^\$\$ (.+) \$\$$", re.MULTILINE)
Demo = Callable[[Lesson], None]


def lesson_page(slug: str, demos: Mapping[str, Demo]) -> None:
    """Draw the lesson `slug` in the learner's language; `demos` are the functions its demo markers name."""
    if not frame.framed():
        return
    lesson = read(slug, language())
    answers.see(answers.visitor(), slug)
    with st.container(key="prose-opening"):
        st.title(lesson.title, anchor=False)
        st.markdown(lesson.question)
        st.caption(say("frame.minutes", minutes=lesson.minutes))
    frame.first_lines_drawn()
    places = [st.container(key=f"{block.kind}-block-{place}") for place, block in enumerate(lesson.blocks)]
    _terms(lesson)
    _misconceptions(lesson)
    _neighbours(slug)
    # Text first, then demos: all of it can be read while the first forward pass waits for torch or for its turn.
    for place, block in sorted(zip(places, lesson.blocks, strict=True), key=lambda pair: pair[1].kind == "demo"):
        with place, guard(f"{slug}: {block.kind} {block.content[:40]}"):
            _draw(lesson, block, demos)


def _draw(lesson: Lesson, block: Block, demos: Mapping[str, Demo]) -> None:
    """One block, in the container it was given."""
    if block.kind == "prose":
        st.markdown(_displayed(block.content))
    elif block.kind == "code":
        _code(lesson, block.content)
    elif block.kind == "check":
        draw_check(lesson, int(block.content))
    elif not covered(lesson, block.content):
        guarded_fragment(demos[block.content])(lesson)


def _displayed(prose: str) -> str:
    """Formulas on lines of their own as Markdown wants those that are to stand apart: it takes `$$ x $$` as inline."""
    return FORMULA.sub(r"$$\n\1\n$$", prose)


def _code(lesson: Lesson, function: str) -> None:
    """A function of maths.py: its formula, and under it the lines that compute it."""
    shown = code(lesson.slug, function)
    for formula in shown.formulas:
        st.latex(formula)
    st.caption(words()["frame.code_note"])
    st.code(shown.source, language="python")


def _terms(lesson: Lesson) -> None:
    """The glossary's terms that this lesson's prose uses."""
    prose = "\n".join(block.content for block in lesson.blocks if block.kind == "prose")
    used = terms_in(prose, glossary(lesson.language))
    if used:
        with st.expander(words()["frame.terms"]):
            for term in used:
                english = "" if term.name == term.english else f"（{term.english}）"
                st.markdown(f"**{term.name}**{english} {term.meaning}")


def _misconceptions(lesson: Lesson) -> None:
    """What the lesson refutes, and where else the course does."""
    known = misconceptions(lesson.language)
    with st.expander(words()["frame.misconceptions"]):
        for number in lesson.misconceptions:
            st.markdown(f"**{known[number].think}**  \n{known[number].actually}")
            others = [other for other in _open_lessons() if other != lesson.slug]
            for other in (read(slug, lesson.language) for slug in others):
                if number in other.misconceptions:
                    frame.link(other.slug, f"{words()['frame.refuted_in']} {other.title}")


def _open_lessons() -> list[str]:
    return [entry.slug for part in course(language()) for entry in part.lessons if frame.has_page(entry)]


def _neighbours(slug: str) -> None:
    """The way on: the lesson before and the lesson after, of those that can be opened."""
    open_ones = [entry for part in course(language()) for entry in part.lessons if frame.has_page(entry)]
    here = [entry.slug for entry in open_ones].index(slug)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="neighbours"):
        if here > 0:
            frame.link(open_ones[here - 1].slug, say("frame.previous", title=open_ones[here - 1].title))
        if here + 1 < len(open_ones):
            frame.link(open_ones[here + 1].slug, say("frame.next", title=open_ones[here + 1].title))
