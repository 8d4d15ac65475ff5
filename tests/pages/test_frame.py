"""The frame: language from link, browser and choice; a page run without app.py; a page that fails."""

import pytest
from streamlit.testing.v1 import AppTest

from lessons import LANGUAGES, course, discover, read, ui_text
from tests.pages.course import ROOT, of_script, open_page, said

pytestmark = pytest.mark.usefixtures("no_model")
HOSTILE = ["", "fr", "EN", "zh ", "../en", "</script><b>x", "zh\x00", "e" * 5000, "‮zh", "🤔"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_is_drawn_in_the_language_of_the_link(language):
    page = open_page(lang=language)
    assert not page.exception
    words = said(page)
    assert ui_text(language)["home.question"] in words
    for part in course(language):
        assert part.title in words
        assert all(entry.question in words for entry in part.lessons)
    other = ui_text(LANGUAGES[1 - LANGUAGES.index(language)])
    assert other["home.question"] not in words


@pytest.mark.parametrize("asked", HOSTILE)
def test_a_language_that_is_not_there_falls_back(asked):
    page = open_page(lang=asked)
    assert not page.exception
    assert ui_text("en")["home.question"] in said(page)
    assert "en" in page.query_params["lang"]


def test_a_choice_of_language_stays_in_the_link_and_over_pages():
    page = open_page()
    page.button_group(key="frame.language").set_value("zh").run()
    assert "zh" in page.query_params["lang"]
    slug = next(slug for slug in discover() if (ROOT / "pages" / f"{slug}.py").is_file())
    page.switch_page(f"pages/{slug}.py").run()
    assert page.title[0].value == read(slug, "zh").title
    assert page.button_group(key="frame.language").value == "zh"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ["home", *discover()])
def test_a_page_run_without_app_draws_its_frame(slug, language):
    page = AppTest.from_file(str(ROOT / "pages" / f"{slug}.py"), default_timeout=120)
    page.query_params["lang"] = language
    page.run()
    assert not page.exception
    assert page.sidebar.button_group(key="frame.language").value == language


def test_every_lesson_with_a_page_has_a_link():
    slugs = {slug for slug in discover() if (ROOT / "pages" / f"{slug}.py").is_file()}
    assert slugs
    side_bar = open_page(lang="zh").sidebar.get("page_link")
    assert {link.proto.page for link in side_bar} == slugs | {"", "about"}
    assert {link.proto.query_string for link in side_bar} == {"lang=zh"}


@pytest.mark.parametrize("base", ["Exception", "BaseException"])
def test_a_page_that_fails_says_so_and_shows_no_traceback(base):
    page = of_script(_failing_page, base).run()
    assert not page.exception
    assert [text.value for text in page.text] == [ui_text("en")["errors.page"]]


def _failing_page(base: str):
    import builtins

    from pages.ui.guard import guard

    with guard("a test", "errors.page"):
        raise type("PanicException", (getattr(builtins, base),), {})("secret detail")
