"""The frame around every page: course name, language, and the way from lesson to lesson. Nothing else."""

import time
from pathlib import Path

import streamlit as st

from lessons import LANGUAGES, Entry, course, ui_text
from pages.ui.address import arrive
from pages.ui.answers import remember_visitor
from pages.ui.guard import guard
from pages.ui.language import KEY, choose_language, language, words
from pages.ui.paper import paper_button
from pages.ui.running import freeze_what_is_new

PAGES = Path(__file__).parent.parent
STYLE = Path(__file__).with_name("style.css")
ICON = Path(__file__).with_name("icon.svg")
TAGS = {"en": "en", "zh": "zh-Hans"}  # BCP 47
FRAMED = "framed"  # set just before a page runs, taken by the page: tells it that app.py drew the frame
HERE = "here"  # the page of the last run, to tell an arrival from a rerun
ARRIVED = "arrived"  # set while the first run of a page has not shown its first lines
MOMENT = 0.2  # seconds


def run() -> None:
    """Draw the frame and run the page the visitor asked for."""
    st.set_page_config(page_title=words()["frame.course"], page_icon=ICON, layout="wide")
    pages = all_pages()
    here = st.navigation(list(pages.values()), position="hidden")
    if st.session_state.get(HERE) != here.url_path:
        arrive()
        st.session_state[HERE] = here.url_path
        st.session_state[ARRIVED] = True
    if st.query_params.get(KEY) != language():
        st.query_params[KEY] = language()
    st.html(STYLE)
    with st.sidebar:
        _side_bar(pages)
    st.session_state[FRAMED] = True
    with st.container(key=f"reading-{language()}"), guard(here.url_path, "errors.page"):
        here.run()
    freeze_what_is_new()


def framed() -> bool:
    """Whether app.py drew the frame around this run of a page. If not, draw it now and run the page inside it.

    A link straight to a page, first thing after the server started, runs the page's file without app.py.
    """
    if st.session_state.pop(FRAMED, False):
        return True
    run()
    return False


def first_lines_drawn() -> None:
    """Say that the title stands. On arrival, give the browser a moment to paint it.

    It would otherwise build the whole page before it shows a word: half a second and more.
    """
    if st.session_state.pop(ARRIVED, False):
        time.sleep(MOMENT)


def all_pages() -> dict[str, st.Page]:
    """Every page that exists, by slug: the course map ("home"), "about", and each lesson that has a page."""
    home = st.Page(PAGES / "home.py", title=words()["frame.home"], default=True)
    lessons = (entry for part in course(language()) for entry in part.lessons)
    about = st.Page(PAGES / "about.py", title=words()["about.title"], url_path="about")
    return {"home": home, "about": about} | {entry.slug: _page(entry) for entry in lessons if has_page(entry)}


def has_page(entry: Entry) -> bool:
    """Whether a lesson can be opened: it is written and has a page."""
    return entry.written and (PAGES / f"{entry.slug}.py").is_file()


def link(slug: str, label: str, **options: object) -> None:
    """A link to a page that keeps the language."""
    st.page_link(PAGES / f"{slug}.py", label=label, query_params={KEY: language()}, **options)


def _page(entry: Entry) -> st.Page:
    return st.Page(PAGES / f"{entry.slug}.py", title=entry.title, url_path=entry.slug)


def _side_bar(pages: dict[str, st.Page]) -> None:
    with st.container(key="course-name"):
        link("home", words()["frame.course"])
    with st.container(horizontal=True, vertical_alignment="center", key="settings"):
        _choose_language()
        paper_button([slug for slug in pages if slug != "home"])
    for part in course(language()):
        entries = [entry for entry in part.lessons if entry.slug in pages]
        if entries:
            st.caption(f"{part.number} · {part.title}")
        for entry in entries:
            link(entry.slug, entry.title)
    link("about", words()["about.title"])
    remember_visitor()
    # Screen readers and Chinese typefaces go by the document's language, which Streamlit leaves at "en".
    st.html(f"<script>document.documentElement.lang = '{TAGS[language()]}'</script>", unsafe_allow_javascript=True)


def _choose_language() -> None:
    st.segmented_control(
        words()["frame.language"],
        LANGUAGES,
        default=language(),
        format_func=lambda each: ui_text(each)["frame.own_name"],
        key="frame.language",
        required=True,
        label_visibility="collapsed",
        on_change=_chosen,
    )


def _chosen() -> None:
    choose_language(st.session_state["frame.language"])
