"""What leaves the lens and the figures: files, tables, BertViz in its sealed frame."""

import csv
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.lens_app import CASES
from tests.browser.lens_steps import download, lens_of

pytestmark = pytest.mark.browser


def test_files_hold_the_numbers_that_are_drawn(show):
    page = show("small", "&test.lens=2.3")
    lens_of(page)
    weights = CASES["small"]().attentions[2].attn_weights[3]
    rows = list(csv.reader(io.StringIO(download(page, "CSV").decode("utf-8-sig"))))
    assert np.array_equal(np.array([row[1:] for row in rows[1:]], np.float32), weights)
    assert rows[0][1:] == list(CASES["small"]().tokens)
    assert download(page, "PNG").startswith(b"\x89PNG")
    drawn = ElementTree.fromstring(download(page, "SVG"))
    assert len(drawn.findall(".//{*}rect")) == 1 + 8 * 9 // 2


def test_the_table_holds_the_shown_head(show):
    page = show("small", "&test.lens=0.3")
    page.get_by_role("button", name="as a table").click()
    cells = page.locator(".lens .numbers td").all_text_contents()
    weights = CASES["small"]().attentions[0].attn_weights[3]
    assert cells[0] == "1.00"
    assert cells[1] == "masked"
    assert float(cells[8]) == pytest.approx(weights[1, 0], abs=0.005)


def test_side_by_side_the_files_hold_all_three_maps(show):
    page = show("beside", "&test.lens=1.0")
    lens_of(page)
    rows = list(csv.reader(io.StringIO(download(page, "CSV").decode("utf-8-sig"))))
    titles = [index for index, row in enumerate(rows) if row and row[0] in ("intact", "broken", "change")]
    intact, broken, change = (
        np.array([row[1:] for row in rows[start + 1 : start + 7]], np.float32) for start in titles
    )
    assert np.array_equal(broken - intact, change)
    assert np.allclose(intact.sum(axis=1), 1)
    assert np.triu(intact, 1).max() == 0 < np.triu(broken, 1).max()
    assert download(page, "PNG").startswith(b"\x89PNG")


def test_bertviz_draws_in_a_sealed_frame(show):
    page = show("bertviz")
    for name in ("BertViz: head view", "BertViz: model view"):
        page.get_by_text(name).click()
        frame = page.locator(f"iframe[title='{name}']")
        assert frame.get_attribute("sandbox") == "allow-scripts"
        page.frame_locator(f"iframe[title='{name}']").locator("svg line").first.wait_for(state="attached")
    words = page.frame_locator("iframe[title='BertViz: head view']").locator("svg text").all_text_contents()
    assert "</script><scr"[:13] in words[2]
    assert page.title() != "x"


def test_figures_have_their_exports(show):
    page = show("figure")
    page.locator(".js-plotly-plot .heatmaplayer image").wait_for(state="attached")
    rows = list(csv.reader(io.StringIO(download(page, "CSV").decode("utf-8-sig"))))
    assert float(rows[1][1]) == pytest.approx(1 / 3)
    assert download(page, "PNG").startswith(b"\x89PNG")
    drawn = download(page, "SVG").decode()
    ElementTree.fromstring(drawn)
    assert "</script><script>" not in drawn
    page.get_by_text("the code that drew it").click()
    expect(page.get_by_text("def heatmap(")).to_be_visible()
