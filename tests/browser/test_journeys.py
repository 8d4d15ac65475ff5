"""Whole journeys through the course, as a student makes them, in a browser that reaches no other host."""

import re

import pytest
from playwright.sync_api import expect

from lessons import read, ui_text
from tests.browser.steps import (
    answered,
    at_rest,
    demo,
    item,
    opened,
    pieces,
    typed,
    uncovered,
)  # fmt: skip

pytestmark = pytest.mark.browser
WORDS = ui_text("en")


@pytest.fixture(autouse=True)
def nobody_outside(seen):
    yield
    assert seen.outside == []
    assert seen.errors == []


def test_a_student_asks_predicts_looks_recomputes_and_is_graded(page, address):
    opened(page, address, lang="en")
    lens, first = page.locator(".lens"), page.locator(".lens .next li").first
    arcs = lens.locator(".sentence svg path")
    arcs.first.wait_for(state="attached")
    drawn, expected = arcs.count(), first.text_content()
    typed(page, page.get_by_label(WORDS["home.sentence"]), "The capital of France is")
    expect(lens.locator(".word bdi").last).to_have_text("is")
    expect(first).not_to_have_text(expected)
    assert arcs.count() != drawn

    page.get_by_test_id("stMain").get_by_role("link", name=read("attention", "en").title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(read("attention", "en").title)
    at_rest(page)
    expect(page.get_by_text(WORDS["checks.covered"]).first).to_be_visible()
    answered(page, "attention", 1, WORDS["checks.commit"])
    expect(item(page, 1).get_by_text(pieces(WORDS["checks.happened"])[0])).to_be_visible()

    lens = page.locator(".lens").first
    lens.locator(".map").first.focus()
    where = lens.locator(".where").first
    before = where.text_content()
    page.keyboard.press("[" if "head 3" in before else "]")
    expect(where).not_to_have_text(before)
    page.keyboard.press("Shift+ArrowUp")
    expect(where).to_contain_text("Layer")
    lens.locator(".map").first.scroll_into_view_if_needed()
    box = lens.locator(".map").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.85)
    panel = lens.locator(".panel[data-difference]")
    panel.wait_for()
    assert float(panel.get_attribute("data-difference")) < 1e-5
    expect(panel.locator(".steps > li").last).to_contain_text(re.compile(r"[0-9]"))

    answered(page, "attention", 5, WORDS["checks.answer"])
    expect(item(page, 5).get_by_text(WORDS["checks.right"])).to_be_visible()
    item(page, 4).get_by_role("textbox").fill("The dog near the tree")
    item(page, 4).get_by_role("button", name=WORDS["checks.grade"]).click()
    expect(item(page, 4).get_by_text(WORDS["checks.reached"].partition("{probability}. ")[2])).to_be_visible()


def test_another_language_a_reload_and_a_friends_link_show_the_same_view(page, address, chromium):
    opened(page, address, "/attention", lang="en", **uncovered("attention"))
    box = page.get_by_label(WORDS["controls.text"], exact=True).first
    typed(page, box, "The cats near the house")
    expect(page).to_have_url(re.compile(r"look_text=The\+cats"))
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(read("attention", "zh").title)
    boxes = page.get_by_label(ui_text("zh")["controls.text"], exact=True)
    expect(boxes.first).to_have_value("The cats near the house")
    page.reload()
    expect(boxes.first).to_have_value("The cats near the house")
    friend = chromium.new_context(locale="en-US").new_page()
    friend.goto(page.url)
    expect(friend.get_by_label(ui_text("zh")["controls.text"], exact=True).first).to_have_value(
        "The cats near the house"
    )
    friend.context.close()


def test_answers_and_opened_lessons_outlive_a_reload_and_a_turn_of_the_paper(page, address):
    opened(page, address, "/attention", lang="en")
    answered(page, "attention", 1, WORDS["checks.commit"])
    happened = item(page, 1).get_by_text(pieces(WORDS["checks.happened"])[0])
    expect(happened).to_be_visible()
    page.reload()
    expect(happened).to_be_visible()
    for name, paper in (("dark", "rgb(21, 23, 28)"), ("light", "rgb(253, 252, 249)")):
        page.get_by_role("button", name=WORDS[f"frame.{name}"]).click()
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", paper)
        at_rest(page)
    expect(happened).to_be_visible()
    page.get_by_role("link", name="Clearhead", exact=True).click()
    expect(page.locator(".st-key-open-attention")).to_contain_text(WORDS["frame.seen"])
    expect(page.locator(".st-key-open-masking")).not_to_contain_text(WORDS["frame.seen"])


def test_a_live_training_moves_can_be_stopped_and_freezes_nobody(page, address, chromium):
    opened(page, address, "/masking", lang="en", **uncovered("masking"))
    other = chromium.new_context(locale="en-US").new_page()
    opened(other, address, lang="en")
    arms = demo(page, "masking", "training")
    arms.get_by_role("button", name=WORDS["training.start"]).click()
    said = re.compile(pieces(WORDS["training.running"])[0] + r" [1-9]")
    expect(arms.get_by_text(said).first).to_be_visible()
    typed(other, other.get_by_label(WORDS["home.sentence"]), "The capital of Spain is")
    expect(other.locator(".lens .word bdi").last).to_have_text("is")
    stop = arms.get_by_role("button", name=WORDS["training.stop"])
    if stop.count():  # a fast machine may be done by now
        stop.click()
    ended = re.compile("|".join(pieces(WORDS[f"training.{end}"])[0] for end in ("stopped", "finished")))
    expect(arms.get_by_text(ended).first).to_be_visible(timeout=120_000)
    other.context.close()
