"""The tour: every page in both languages, both themes and two widths, with every demo open and the network blocked."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from lessons import LANGUAGES, discover, read, ui_text
from tests.browser.conftest import watched
from tests.browser.steps import at_rest, opened, uncovered, visible_text

pytestmark = pytest.mark.browser
WIDTHS = {1280: 900, 390: 844}
PAPER = {"light": "rgb(253, 252, 249)", "dark": "rgb(21, 23, 28)"}
FAILURES = ("errors.page", "errors.demo", "errors.unexpected")
# A long run of English words is a sentence left over in the Chinese page; names and example sentences are shorter.
SENTENCE = re.compile(r"[A-Z][a-z]+(?:,? [a-z]+){9,}")
LARGEST = 1_000_000  # bytes of figure data on a page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ["", "about", *discover()])
def test_the_tour(chromium: Browser, address: str, seen, slug: str, language: str):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", color_scheme="light")
    page = watched(context, seen)
    opened(page, address, f"/{slug}", lang=language, **uncovered(slug))
    looked_at(page, slug, language, "light")
    assert weight(page) < LARGEST
    page.emulate_media(color_scheme="dark")
    at_rest(page)
    looked_at(page, slug, language, "dark")
    assert seen.outside == []
    assert seen.errors == []
    context.close()


def looked_at(page: Page, slug: str, language: str, scheme: str) -> None:
    """Both widths of one page: the right paper, nothing wider than the screen, every demo there, nothing failed."""
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", PAPER[scheme])
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        main = page.get_by_test_id("stMainBlockContainer")
        assert main.evaluate("element => element.scrollWidth") <= width
        text = visible_text(page)
        assert "Traceback" not in text
        for failure in FAILURES:
            assert ui_text(language)[failure] not in text
    lesson = read(slug, language) if slug in discover() else None
    demos = [block for block in lesson.blocks if block.kind == "demo"] if lesson else []
    assert page.locator("[class*=st-key-demo-block-]").count() == len(demos)
    if language == "zh":
        assert not left_over(page.locator("[class*=st-key-prose]").all_inner_texts())


def left_over(texts: list[str]) -> list[str]:
    """English sentences in Chinese prose."""
    return [found for text in texts for found in SENTENCE.findall(text)]


def weight(page: Page) -> int:
    """Bytes of all Plotly figures on the page, as JSON."""
    return page.evaluate(
        """() => {
            const plots = [...document.querySelectorAll(".js-plotly-plot")];
            const data = (plot) => plot.data.map(({ _module, ...trace }) => trace);
            return plots.reduce((sum, plot) => sum + JSON.stringify([data(plot), plot.layout]).length, 0);
        }"""
    )
