"""Hostile text in the boxes and links of a real browser: nothing runs, nobody outside is asked, the page goes on."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from lessons import read, ui_text
from tests.browser.steps import at_rest, opened, reads, typed, uncovered, visible_text
from tests.hostile.texts import LONG, MEGABYTE, REQUESTS, SCRIPTS, TEMPLATES, UNSEEN, WRITINGS

pytestmark = pytest.mark.browser
NORMAL = "The dogs near the tree"
FIRST_SCREEN = (
    *SCRIPTS[:5],
    *REQUESTS[:2],
    *TEMPLATES[:2],
    TEMPLATES[9],
    *UNSEEN[1:4],
    "x\ud800y",
    *WRITINGS[:2],
    LONG[3],
)
EACH_BOX = (SCRIPTS[0], REQUESTS[0], f"{TEMPLATES[0]} {TEMPLATES[6]} {WRITINGS[0]}")
LINKS = {
    "attention": {
        "look_text": SCRIPTS[0], "look_model": "../../etc/passwd", "query_text": REQUESTS[0], "query_layer": "1e309",
        "query_head": SCRIPTS[1], "toy": "nan~1e309_0", "map_text": SCRIPTS[0],
        "bertviz_heads": "true", "width": "1e309", "unscaled_text": TEMPLATES[0], "look_lens": "99.99.99.99",
        "unscaled_lens": SCRIPTS[1], "ways_text": WRITINGS[1],
    },
    "masking": {
        "stages_text": SCRIPTS[0], "row_text": REQUESTS[0], "in_step_mask": SCRIPTS[0], "paint_mask": "f" * 5000,
        "paint_text": TEMPLATES[0], "training_seed": "-1e309", "training_source": REQUESTS[0],
        "padding_long": SCRIPTS[4], "padding_way": "../..",
        "unmasked_model": "<img src=x onerror=window.__hit=1>", "unmasked_lens": "NaN.0",
    },
}  # fmt: skip


@pytest.fixture
def unharmed(page: Page, seen) -> Iterator[Callable[[], None]]:
    """Check that nothing has run and nobody was asked; done once more when the test ends."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    crashes: list[str] = []
    page.on("pageerror", lambda error: crashes.append(str(error)))

    def check() -> None:
        assert page.title() in ("Clearhead", "Streamlit")  # it may arrive late; only the attack's own would be wrong
        assert [frame.evaluate("window.__hit") for frame in page.frames] == [None] * len(page.frames)
        assert dialogs == [] == crashes
        assert seen.outside == []
        assert seen.errors == []
        text = visible_text(page)
        assert "Traceback" not in text
        for failure in ("errors.page", "errors.demo", "errors.unexpected"):
            assert ui_text("en")[failure] not in text and ui_text("zh")[failure] not in text

    yield check
    check()


def test_the_first_screen_takes_any_text_and_then_a_normal_one(page, address, unharmed):
    opened(page, address, lang="en")
    box = page.get_by_label(ui_text("en")["home.sentence"])
    for text in FIRST_SCREEN:
        typed(page, box, text)
        unharmed()
    typed(page, box, "")
    expect(page.get_by_text(ui_text("en")["errors.empty_text"])).to_be_visible()
    typed(page, box, NORMAL)
    expect(page.get_by_text(ui_text("en")["errors.empty_text"])).to_have_count(0)
    reads(page.locator(".lens:not(.strip)"), NORMAL)


def test_a_pasted_book_is_cut_and_the_page_goes_on(page, address, unharmed):
    opened(page, address, lang="zh")
    box = page.get_by_label(ui_text("zh")["home.sentence"])
    typed(page, box, MEGABYTE)
    expect(page.get_by_text(ui_text("zh")["controls.cut"].format(limit=300))).to_be_visible()
    assert len(page.url) < 3000
    typed(page, box, NORMAL)
    expect(page.get_by_text(ui_text("zh")["controls.cut"].format(limit=300))).to_have_count(0)
    reads(page.locator(".lens:not(.strip)"), NORMAL)


@pytest.mark.parametrize("slug", LINKS)
def test_every_box_of_a_lesson_takes_any_text_and_then_a_normal_one(page, address, unharmed, slug):
    opened(page, address, f"/{slug}", lang="en", **uncovered(slug))
    boxes = page.get_by_label(ui_text("en")["controls.text"], exact=True)
    expect(boxes.nth(4)).to_be_visible()  # demos are drawn after the text
    for number, text in enumerate(EACH_BOX * 2):
        typed(page, boxes.nth(number % boxes.count()), text)
        unharmed()
    for number in range(min(boxes.count(), len(EACH_BOX * 2))):
        typed(page, boxes.nth(number), NORMAL)
    reads(page.locator(".lens:not(.strip)").first, NORMAL)


@pytest.mark.parametrize("slug", LINKS)
def test_a_link_full_of_traps_opens_the_lesson_and_says_what_it_left_out(page, address, unharmed, slug):
    link = {f"{slug}.{name}": text for name, text in LINKS[slug].items()}
    opened(page, address, f"/{slug}", lang="zh", **uncovered(slug), **link)
    expect(page.get_by_role("heading", level=1)).to_have_text(read(slug, "zh").title)
    told = page.get_by_text(ui_text("zh")["controls.forgiven"].partition("{")[0])
    expect(told.first).to_be_visible()
    unharmed()
    box = page.get_by_label(ui_text("zh")["controls.text"], exact=True).last
    typed(page, box, NORMAL)


def test_a_model_that_is_none_is_told_in_a_sentence(page, address, unharmed):
    opened(page, address, "/attention", lang="en", **uncovered("attention"))
    picker = page.get_by_label(ui_text("en")["controls.model"], exact=True).first
    for model, code in ((SCRIPTS[0], "bad_model_id"), ("../../etc/passwd\u202e", "unknown_folder")):
        picker.fill(model)
        picker.press("Enter")
        at_rest(page)
        expect(page.get_by_text(ui_text("en")[f"errors.{code}"].partition("”")[2]).first).to_be_visible()
        unharmed()
    picker.fill("Meadow-GPT")
    picker.press("Enter")
    at_rest(page)
    reads(page.locator(".lens:not(.strip)").first, NORMAL)
