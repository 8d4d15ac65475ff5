"""The course map, under the thing itself: a sentence, its attention, and what the model expects next."""

import streamlit as st

from lessons import Entry, Part, course
from model_utils import catalogue
from pages import ui
from pages.ui import answers, frame
from pages.ui.guard import guarded_fragment

HERE = ui.Place("home")


def first_look(here: ui.Place) -> None:
    """A sentence the visitor can edit, its attention as arcs, the next words."""
    card = catalogue.opening(ui.language())
    text = ui.prompt(here, "text", card.id, default=card.first_text, label=ui.words()["home.sentence"])
    look = ui.first_look(card.id, text)
    if look is not None:
        ui.attention_arcs("home.arcs", look.run, look.next_words, language=ui.language(), shown=card.first_head)
        st.caption(card.one_line[ui.language()])
        ui.ran(look.run)


def part_map(part: Part) -> None:
    """One part of the course: its name beside its lessons."""
    name, lessons = st.columns([1, 3], gap="medium")
    name.markdown(f"### {part.number} · {part.title}")
    with lessons.container(gap="xsmall"):
        for entry in part.lessons:
            lesson_line(entry)


def lesson_line(entry: Entry) -> None:
    """A lesson's title, its question, its minutes; a link when there is a page to go to."""
    if not frame.has_page(entry):
        st.caption(f"{entry.title}  \n{entry.question} · {ui.words()['frame.coming']}")
        return
    with st.container(key=f"open-{entry.slug}", gap=None):
        frame.link(entry.slug, entry.title)
        facts = [entry.question, ui.say("frame.minutes", minutes=entry.minutes)]
        facts += [f":material/check: {ui.words()['frame.seen']}"] if answers.seen(answers.visitor(), entry.slug) else []
        st.caption(" · ".join(facts))


if frame.framed():
    words = ui.words()
    with st.container(key="prose-opening"):
        st.title(words["home.question"], anchor=False)
        st.markdown(words["home.try_it"])
    frame.first_lines_drawn()
    look = st.container(key="first-look")
    st.header(words["home.map"], anchor=False)
    for part in course(ui.language()):
        part_map(part)
    with look:  # drawn last: the map need not wait for the model
        guarded_fragment(first_look)(HERE)
