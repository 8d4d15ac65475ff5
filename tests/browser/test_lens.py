"""The lens in a real Chromium that reaches no other host."""

import os
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.ui.bundle import bundle
from pages.ui.lens import FILES
from tests.browser.lens_app import CASES
from tests.browser.lens_steps import lens_of
from tests.lens.runs import HOSTILE

pytestmark = pytest.mark.browser


def click_cell(page: Page, row: int, column: int) -> None:
    """Reach a cell by keys: the link to head and cell is checked elsewhere."""
    page.locator(".lens .map").first.focus()
    for _ in range(64):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    for key, count in (("ArrowLeft", 64), ("ArrowDown", row), ("ArrowRight", column), ("Enter", 1)):
        for _ in range(count):
            page.keyboard.press(key)


def opened_weight(page: Page) -> tuple[float, float, float]:
    page.locator(".lens .panel[data-weight]").wait_for()
    facts = page.locator(".lens .panel").evaluate("panel => ({...panel.dataset})")
    return float(facts["weight"]), float(facts["drawn"]), float(facts["difference"])


@pytest.mark.parametrize(
    ("case", "cells"),
    [("small", ((2, 3, 7, 4), (0, 0, 0, 0))), ("bias", ((1, 1, 6, 2),)), ("translator", ((2, 1, 3, 6), (0, 1, 6, 0)))],
)
def test_a_cell_opens_into_arithmetic_that_ends_at_the_models_weight(show, case, cells):
    for module, head, row, column in cells:
        page = show(case, f"&test.lens={module}.{head}.{row}.{column}")
        recomputed, drawn, difference = opened_weight(page)
        weight = float(CASES[case]().attentions[module].attn_weights[head, row, column])
        assert drawn == weight
        assert recomputed == pytest.approx(weight, abs=1e-6)
        assert difference == pytest.approx(abs(recomputed - drawn), abs=1e-12)


def test_every_weight_can_be_recomputed_in_the_browser(page: Page):
    """The script's own functions over every cell of a run, without Streamlit."""
    from pages.ui.lens.payload import payload

    trace = CASES["bias"]()
    data = payload([trace], None, {"name": "x", "words": {}}).data
    code = re.sub(r"^export default ", "", bundle(*FILES), flags=re.MULTILINE)
    found = page.evaluate(
        """([code, bytes]) => {
            const { unpack, openCell } = new Function(`${code}; return { unpack, openCell };`)();
            const [run] = unpack(Uint8Array.from(bytes)).runs;
            return run.modules.map((module) => Array.from({ length: module.heads }, (_, head) =>
                Array.from({ length: module.rows }, (_, t) => Array.from({ length: module.columns }, (_, s) => {
                    const cell = openCell(module, head, t, s);
                    return [cell.visible ? cell.weight : 0, cell.visible ? cell.score : 0, cell.drawn];
                }))));
        }""",
        [code, list(data)],
    )
    for attention, cells in zip(trace.attentions, np.array(found), strict=True):
        assert np.allclose(cells[..., 0], attention.attn_weights, atol=1e-6)
        assert np.allclose(cells[..., 1], np.where(attention.visible, attention.attn_scores, 0), atol=1e-5)
        assert np.array_equal(cells[..., 2].astype(np.float32), attention.attn_weights)


def test_the_steps_are_written_out(show):
    page = show("small", "&test.lens=1.2.5.3")
    steps = page.locator(".lens .steps > li")
    expect(steps).to_have_count(5)
    attention = CASES["small"]().attentions[1]
    query, key = attention.queries[2, 5], attention.keys[2, 3]
    shown = page.locator(".lens .vectors").first.locator("td").evaluate_all("cells => cells.map(cell => cell.title)")
    assert np.allclose([float(text) for text in shown], [*query, *key, *(query * key)], rtol=1e-6)
    expect(steps.nth(3).locator("td.name")).to_have_count(6)  # the mask leaves six of eight words


def test_a_masked_cell_says_so(show):
    page = show("small", "&test.lens=1.2.3.5")
    expect(page.locator(".lens .steps > li")).to_have_count(3)
    expect(page.locator(".lens .panel")).to_contain_text("−∞")


def test_144_heads_of_64_tokens_draw_in_time_and_in_a_megabyte(show):
    times = []
    for _ in range(3):
        lens = lens_of(show("big"))
        assert int(lens.get_attribute("data-bytes")) < 1_000_000
        times.append(float(lens.get_attribute("data-draw-ms")))
    crowding = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # processes that want each processor
    assert min(times) < 300 * crowding, times


def test_scrubbing_stays_in_the_browser_and_in_the_link(show):
    page = show("small", "&test.lens=0.0")
    lens_of(page)
    page.locator(".lens .map").focus()
    for key in ("]", "]", "Shift+ArrowDown", "["):
        page.keyboard.press(key)
    expect(page.locator(".lens .where")).to_have_text("Layer 1, head 1")
    page.wait_for_url("**test.lens=1.1*")
    expect(page.get_by_text("runs 1")).to_be_visible()
    page.reload()
    expect(page.locator(".lens .where")).to_have_text("Layer 1, head 1")


def test_the_link_survives_other_widgets(show):
    page = show("small", "&test.lens=0.0")
    click_cell(page, 4, 2)
    page.wait_for_url("**test.lens=0.0.4.2*")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("runs 2")).to_be_visible()
    expect(page.locator(".lens .steps")).to_be_visible()
    page.wait_for_url("**test.lens=0.0.4.2*")


@pytest.mark.parametrize("link", ["99.99.99.99", "0.0.99.0", "-1.0", "a.b", "1e9.0", "<script>", "0.0.0.0.0.0"])
def test_a_link_to_nowhere_still_shows_the_lens(show, link):
    page = show("small", f"&test.lens={link}")
    expect(lens_of(page)).to_be_visible()
    expect(page.locator(".lens .where")).to_contain_text("Layer")


def test_the_exact_head_is_asked_for_once_when_a_cell_opens(show):
    page = show("big", "&test.lens=3.4")
    lens_of(page)
    page.locator(".lens .map").focus()
    page.keyboard.press("]")
    page.keyboard.press("]")
    click_cell(page, 40, 7)
    _, drawn, difference = opened_weight(page)
    assert drawn == float(CASES["big"]().attentions[3].attn_weights[6, 40, 7])
    assert difference < 1e-6
    expect(page.get_by_text("runs 2")).to_be_visible()


def test_pointing_at_a_word_lights_up_what_it_looks_at(show):
    page = show("small", "&test.lens=2.1")
    page.locator(".lens .word").nth(6).hover()
    weights = CASES["small"]().attentions[2].attn_weights[1, 6]
    expect(page.locator(".lens .word").nth(6)).to_have_class(re.compile("looking"))
    for word, weight in zip(page.locator(".lens .word .share").all(), weights, strict=True):
        text = word.text_content()
        assert (text == "" and weight < 0.005) or float(text) == pytest.approx(weight, abs=0.005)


def test_hostile_tokens_are_shown_and_do_nothing(show):
    page = show("hostile", "&test.lens=1.1.8.2")
    lens_of(page)
    words = page.locator(".lens .word bdi").all_text_contents()
    assert words[2:5] == [HOSTILE[2], HOSTILE[3], "U+202Eabc"]
    assert words[5] == HOSTILE[5]
    assert page.locator(".lens img, .lens script").count() == 0
    page.get_by_role("button", name="as a table").click()
    page.locator(".lens .numbers").wait_for()
    assert page.title() != "x"


def test_intact_and_broken_stand_side_by_side_with_the_change(show):
    page = show("beside", "&test.lens=1.0.2.4")
    expect(page.locator(".lens .map")).to_have_count(3)
    expect(page.locator(".lens figcaption")).to_have_text(["intact", "broken", "change"])
    expect(page.locator(".lens .readout")).to_contain_text("mask")
    page.locator(".lens .word").nth(0).hover()
    box = page.locator(".lens .map").nth(2).bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.8)
    expect(page.locator(".lens .readout")).to_contain_text("→")


@pytest.mark.parametrize(("scheme", "paper"), [("light", "#fdfcf9"), ("dark", "#15171c")])
def test_the_lens_follows_the_theme_of_the_page(show, page, scheme, paper):
    page.emulate_media(color_scheme=scheme)
    lens = lens_of(show("small"))
    assert lens.evaluate("root => root.classList.contains('dark')") == (scheme == "dark")
    paper_variable = "root => getComputedStyle(root).getPropertyValue('--seq-0').trim()"
    assert lens.evaluate(paper_variable) == paper


def test_the_first_screens_arcs_follow_the_pointer(show):
    page = show("arcs")
    page.locator(".lens .word").nth(5).hover()
    expect(page.locator(".lens .word").nth(5)).to_have_class(re.compile("looking"))
    assert page.locator(".lens .sentence svg path").count() > 5
    expect(page.locator(".lens .next li").nth(1)).to_contain_text("<b>")


@pytest.mark.parametrize("case", ["small", "big", "translator", "beside", "hostile", "arcs"])
def test_a_phone_needs_no_sideways_scrolling(show, page, case):
    page.set_viewport_size({"width": 390, "height": 844})
    lens = lens_of(show(case))
    wide = lens.evaluate("root => [...root.querySelectorAll('*')].filter(e => !e.closest('.scroll, svg') && "
                         "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)")  # fmt: skip
    assert wide == []
