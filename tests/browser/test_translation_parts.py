"""A translation step by step in a real Chromium that reaches no other host: its steps by keyboard, its files."""

import csv
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.lens_steps import download
from tests.browser.steps import at_rest
from tests.lens.runs import HOSTILE
from tests.pages import translations

pytestmark = pytest.mark.browser
TEXT = "{http://www.w3.org/2000/svg}text"


def opened(show, case: str, link: str = "") -> Page:
    page = show(f"written-{case}", link)
    page.locator(".translation .likeliest .bar").first.wait_for(state="attached")
    at_rest(page)
    return page


def table(page: Page) -> tuple[list[list[str]], list[str], list[list[str]]]:
    """The CSV: what stands above the table, its heads, its rows."""
    found = list(csv.reader(io.StringIO(download(page, "CSV").decode("utf-8-sig"), newline="")))
    blank = found.index([])
    return found[:blank], found[blank + 1], found[blank + 2 :]


def test_keys_step_forth_and_back_in_the_browser_alone(show):
    page, found = opened(show, "small"), translations.small()
    root, shares = page.locator(".translation"), page.locator(".translation .source .share")
    for key, step in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 4), ("Home", 0)):
        root.get_by_role("slider").press(key)
        expect(root).to_have_attribute("data-step", str(step))
        said = [float(text.split()[0].replace("<", "0")) for text in shares.all_text_contents()]
        assert np.allclose(said, found.weights[1, 2, step], atol=0.0051)
        assert page.locator(".translation .word.later").count() == 4 - step
    page.wait_for_url("**test.written=0.6*")
    expect(page.get_by_text("runs 1")).to_be_visible()


def test_a_rerun_leaves_the_reader_where_they_are_and_the_lines_at_the_words(show):
    page = opened(show, "small")
    page.locator(".translation").get_by_role("slider").press("End")
    page.get_by_role("slider", name="something else").press("ArrowRight")
    expect(page.get_by_text("runs 2")).to_be_visible()
    at_rest(page)
    expect(page.locator(".translation")).to_have_attribute("data-step", "4")
    page.set_viewport_size({"width": 500, "height": 900})
    page.locator(".translation .stage").wait_for()
    page.wait_for_function(
        """root => root.clientWidth < 500
            && Math.abs(root.querySelector("svg").viewBox.baseVal.width
                - root.querySelector(".stage").clientWidth) < 1""",
        arg=page.locator(".translation").element_handle(),
    )


@pytest.mark.parametrize("pick", [0, 6])
def test_the_table_of_a_translation_holds_every_digit(show, pick):
    page, found = opened(show, "small", f"&test.written=2.{pick}"), translations.small()
    above, head, rows = table(page)
    assert above == [["The cross-attention of", "layer 1, head 2" if pick else "all heads, on average"]]
    assert head[:6] == ["", "token written", *found.source] and head[6:8] == ["likeliest 1", "probability"]
    assert [row[:2] for row in rows] == [[str(n + 1), token] for n, token in enumerate(found.tokens)]
    weights = np.array([row[2:6] for row in rows], np.float64)
    if pick:
        assert np.array_equal(weights.astype(np.float32), found.weights[1, 2])
    assert np.allclose(weights, found.weights[1, 2] if pick else found.weights.mean(axis=(0, 1)), rtol=1e-6)
    assert [row[6::2] for row in rows] == [[token for token, _, _ in row] for row in found.likeliest]
    assert np.allclose(
        [np.array(row[7::2], float) for row in rows], [[p for _, p, _ in row] for row in found.likeliest]
    )


def test_weights_that_came_in_steps_are_told_as_such(show):
    above, _, rows = table(opened(show, "long"))
    assert above[1] == ["weights in steps of 1/255"]
    sent = np.array([row[2:122] for row in rows], float)
    assert np.abs(sent - translations.long().weights[1, 2]).max() < 0.5 / 255 + 0.0006
    assert {len(cell) for row in rows for cell in row[2:122]} == {5}


def test_the_drawing_of_a_translation_is_what_stands_on_the_page(show):
    page, found = opened(show, "small", "&test.written=2.6"), translations.small()
    whole = ElementTree.fromstring(download(page, "SVG"))
    lines = [line for line in whole.iter("{http://www.w3.org/2000/svg}path") if line.get("class") == "now"]
    row = found.weights[1, 2, 2]
    assert np.allclose([float(line.get("stroke-width")) for line in lines], np.maximum(0.75, 13 * row[row >= 0.02]))
    assert all(line.get("stroke").startswith("#") for line in lines)
    said = ["".join(text.itertext()) for text in whole.iter(TEXT)]
    shares = page.locator(".translation .source .share").all_text_contents()
    assert said[0] == "The cross-attention of layer 1, head 2" and page.locator(".said").text_content() in said
    assert [text.text for text in whole.iter(TEXT) if text.get("class") == "share"] == shares
    assert "\u25c6" in shares[1] and sum("\u25c6" in share for share in shares) == 1
    assert {"The", "\u00b7dogs", "v", "w", "x"} <= set(said) and said.count("z") == 1, "z stands among the likeliest"
    bars = [group.findall("{*}rect")[-1] for group in whole.findall(".//{*}g[@class='likely']")]
    assert np.allclose([float(bar.get("width")) / 320 for bar in bars], [p for _, p, _ in found.likeliest[2]])
    picture = download(page, "PNG")
    size = [int.from_bytes(picture[at : at + 4]) for at in (16, 20)]
    assert picture.startswith(b"\x89PNG") and size == [3 * int(whole.get(side)) for side in ("width", "height")]


def test_hostile_tokens_leave_a_translation_as_text(show):
    page = opened(show, "hostile", "&test.written=13.1")
    drawn = ElementTree.fromstring(download(page, "SVG"))
    names = ["".join(text.itertext()) for text in drawn.iter(TEXT)]
    assert {"U+0007", "<0xE4>", HOSTILE[2], HOSTILE[3]} <= set(names)
    _, head, rows = table(page)
    assert HOSTILE[3] in head and [row[1] for row in rows][2] == HOSTILE[2] and rows[13][1] == "'=1+2"
    assert download(page, "PNG").startswith(b"\x89PNG") and page.title() != "x"
