"""The decoding tree in a real Chromium that reaches no other host; with the sampler, what holds for both."""

import csv
import io
import os

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import decoding_steps
from tests.browser.decoding_steps import moved
from tests.browser.lens_steps import download
from tests.lens.runs import HOSTILE
from tests.pages.trees import small_tree

pytestmark = pytest.mark.browser
parts, show = decoding_steps.parts, decoding_steps.show


def node(page: Page, number: int) -> Locator:
    return page.locator(f'.tree .node[data-id="{number}"]')


def test_the_tree_draws_every_token_once_and_edges_by_probability(show):
    page = show("tree")
    expect(page.locator(".tree .node")).to_have_count(8)
    widths = page.locator(".tree .edge").evaluate_all("all => all.map(one => Number(one.getAttribute('stroke-width')))")
    probs = sorted(node.probability for node in small_tree().nodes[1:])
    assert np.allclose(np.diff(sorted(widths)) / np.diff(probs), (max(widths) - min(widths)) / (probs[-1] - probs[0]))
    expect(page.locator(".tree .pruned")).to_have_count(1)
    expect(page.locator(".tree .end")).to_have_count(1)
    boxes = page.locator(".tree .face").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = (
                a["right"] <= b["left"] or b["right"] <= a["left"] or a["bottom"] <= b["top"] or b["bottom"] <= a["top"]
            )
            assert apart


def test_a_click_tells_python_and_stays_in_the_link(show):
    page = show("tree")
    node(page, 3).locator(".face").click()
    expect(page.get_by_text("chosen 3")).to_be_visible()
    page.wait_for_url("**test.tree=3*")
    expect(node(page, 3)).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_text("chosen 3")).to_be_visible()
    expect(page.locator(".tree")).to_have_attribute("data-shown", "3")
    node(page, 5).locator(".face").hover()
    expect(page.locator(".tree")).to_have_attribute("data-shown", "5")
    expect(page.get_by_text("runs 1")).to_be_visible()


def test_keys_walk_along_the_tree(show):
    page = show("tree")
    node(page, 0).focus()
    for key, there in (
        ("ArrowRight", 1),
        ("ArrowDown", 2),
        ("ArrowRight", 5),
        ("ArrowUp", 4),
        ("ArrowUp", 3),
        ("ArrowLeft", 1),
    ):
        page.keyboard.press(key)
        expect(node(page, there)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("chosen 1")).to_be_visible()
    expect(node(page, 1)).to_be_focused()


def test_the_panel_says_what_the_strategies_saw(show):
    page = show("tree")
    node(page, 0).locator(".face").hover()
    facts = page.locator(".tree .facts dd")
    assert facts.locator(".mass").count() == 1 and float(facts.last.get_attribute("title")) == 0.25
    after = ".tree .pair:not(.head) .figure.after"
    expect(page.locator(after).first).to_have_text("1.00")
    page.locator(".tree .tabs button").nth(1).click()
    expect(page.locator(after).first).to_have_text("0.75")
    expect(page.locator(".tree .pair:not(.head)")).to_have_count(8)
    node(page, 4).locator(".face").hover()  # a pruned beam goes on nowhere: nobody draws from here
    expect(page.locator(".tree .pair.head")).to_contain_text("model")
    expect(page.locator(".tree .pair.head")).not_to_contain_text("drawn from")
    node(page, 7).locator(".face").hover()
    expect(page.locator(".tree .facts")).to_contain_text("score that ranks the beams")


def test_strategies_go_and_come(show):
    page = show("tree")
    page.get_by_role("button", name="<b>beam</b>", exact=True).click()
    expect(page.locator(".tree .node")).to_have_count(6)
    expect(page.locator(".tree .count")).to_have_text("6 of 6 tokens")
    page.get_by_role("button", name="<b>beam</b>", exact=True).click()
    expect(page.locator(".tree .node")).to_have_count(8)
    expect(page.get_by_text("runs 1")).to_be_visible()


def test_the_tree_grows_by_itself_and_by_hand(show, page):
    show("tree")
    page.get_by_role("button", name="Grow").click()
    expect(page.locator(".tree .count")).to_have_text("8 of 8 tokens")
    expect(page.get_by_role("button", name="Grow")).to_be_visible()
    moved(page, 0, "ArrowLeft", 3)
    expect(page.locator(".tree .node:visible")).to_have_count(5)
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Grow").click()
    page.wait_for_timeout(900)
    expect(page.locator(".tree .count")).to_have_text("6 of 8 tokens")


def test_the_list_holds_the_whole_tree(show):
    page = show("tree")
    page.get_by_role("button", name="as a list").click()
    expect(page.locator(".tree .nested .chip")).to_have_count(7)
    expect(page.locator(".tree .nested > li > ul > li")).to_have_count(2)
    expect(page.locator(".tree .nested")).to_contain_text("pruned")


def test_hostile_tokens_are_shown_and_do_nothing(show):
    page = show("tree")
    texts = page.locator(".tree .node text:not(.whose)").all_text_contents()
    assert any(text.startswith(HOSTILE[2][:6]) for text in texts)
    assert page.locator(".tree img, .tree script").count() == 0
    page = show("sampler")
    assert page.locator(".sampler img, .sampler script").count() == 0
    assert page.title() != "x"


def test_files_hold_what_is_drawn(show):
    page = show("tree")
    drawing = download(page, "SVG").decode("utf-8")
    assert drawing.count('class="edge') == 7 and "#0072b2" in drawing
    assert download(page, "PNG").startswith(b"\x89PNG")
    table = list(csv.reader(io.StringIO(download(page, "CSV").decode("utf-8-sig"))))
    assert len(table) == 9
    assert [float(row[6]) for row in table[1:]] == pytest.approx([node.log_probability for node in small_tree().nodes])


@pytest.mark.parametrize(("scheme", "paper"), [("light", "#fdfcf9"), ("dark", "#15171c")])
def test_they_follow_the_theme_of_the_page(show, page, scheme, paper):
    page.emulate_media(color_scheme=scheme)
    show("tree")
    assert page.locator(".tree .face").first.get_attribute("fill") == paper
    show("sampler")
    assert (
        page.locator(".sampler").evaluate("root => getComputedStyle(root).getPropertyValue('--seq-0').trim()") == paper
    )


@pytest.mark.parametrize("case", ["tree", "long", "sampler", "truth"])
def test_a_phone_needs_no_sideways_scrolling(show, page, case):
    page.set_viewport_size({"width": 390, "height": 844})
    show(case)
    root = page.locator(".tree, .sampler")
    wide = root.evaluate("root => [...root.querySelectorAll('*')].filter(e => !e.closest('.scroll, svg') && "
                         "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)")  # fmt: skip
    assert wide == []
    if case in ("tree", "long"):
        assert root.evaluate("root => root.tree.view.layout.upright")


def test_the_largest_tree_is_drawn_in_time(show):
    page = show("long")
    spent = page.evaluate(
        """() => {
            const find = (node) => node.querySelector?.('.tree')
                ?? [...node.querySelectorAll('*')].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
            const buttons = find(document).querySelectorAll('.legend-list button');
            const start = performance.now();
            buttons[1].click();
            return performance.now() - start;
        }"""
    )
    crowding = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert spent < 400 * crowding
