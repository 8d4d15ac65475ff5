"""The sampler in a real Chromium that reaches no other host: its arithmetic, what it draws, its files."""

import csv
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.ui.sampler import HERE as SAMPLER
from tests.browser import decoding_steps
from tests.browser.decoding_steps import moved, rows
from tests.browser.lens_steps import download
from tests.lens.runs import HOSTILE
from tests.pages.trees import logits_of, vocabulary_of

pytestmark = pytest.mark.browser
parts, show = decoding_steps.parts, decoding_steps.show


def in_browser(page: Page, files: tuple[str, ...], expression: str, given: object) -> object:
    """What the scripts' own functions say of `given`, without Streamlit."""
    code = "\n".join((SAMPLER / f"{name}.js").read_text(encoding="utf-8") for name in files)
    code = re.sub(r"^import [^;]+;\n", "", re.sub(r"^export ", "", code, flags=re.MULTILINE), flags=re.MULTILINE)
    return page.evaluate(f"([code, given]) => new Function('given', `${{code}}; {expression}`)(given)", [code, given])


def warped(logits: np.ndarray, temperature: float, k: int, p: float, share: float) -> np.ndarray:
    """The chances (V,) as transformers has them, through the steps that `generate` would take."""
    import torch
    from transformers.generation import logits_process as steps

    scores = steps.TemperatureLogitsWarper(temperature)(None, torch.tensor(logits)[None])
    scores = steps.TopKLogitsWarper(k)(None, scores) if k else scores
    scores = steps.TopPLogitsWarper(p)(None, scores) if p < 1 else scores
    return steps.MinPLogitsWarper(share)(None, scores).softmax(-1)[0].numpy()


def cases(ties: bool) -> list[tuple[list[float], float, int, float, float]]:
    random = np.random.default_rng(7)
    found = []
    for _ in range(150):
        V = int(random.integers(2, 400))
        logits = random.normal(0, random.choice([0.1, 1, 3, 8]), V).astype(np.float32)
        logits = np.round(logits * 2) / 2 if ties else logits
        k = int(random.choice([0, 1, 2, 5, 20, V, V + 5]))
        rest = (
            round(float(value), 2)
            for value in (random.uniform(0.1, 3), random.uniform(0.05, 1), random.uniform(0, 0.5))
        )
        temperature, p, share = rest
        found.append((logits.tolist(), temperature, k, p, share))
    return found


@pytest.mark.parametrize("ties", [False, True])
def test_the_chances_are_those_of_transformers(page: Page, ties):
    """torch sorts equal scores in no stated order: which of them top-p keeps is free, how many is not."""
    asked = cases(ties)
    run = """return given.map(([logits, temperature, k, p, share]) => {
        const all = Float32Array.from(logits);
        return Array.from(sampledFrom(all, rising(all), { temperature, k, p, share }).chances);
    });"""
    for found, (logits, *settings) in zip(in_browser(page, ("cuts",), run, asked), asked, strict=True):
        expected = warped(np.array(logits, dtype=np.float32), *settings)
        found = np.array(found)
        assert np.isclose(found.sum(), 1)
        if ties:
            found, expected = np.sort(found), np.sort(expected)
        assert np.array_equal(found > 0, expected > 0)
        assert np.allclose(found, expected, atol=2e-6)


def test_of_equal_tokens_the_smaller_id_goes_first(page: Page):
    run = "const all = new Float32Array(4); return Array.from(topP(all, rising(all), 0.5));"
    assert [score == 0 for score in in_browser(page, ("cuts",), run, None)] == [
        False, False, True, True,
    ]  # fmt: skip


def test_draws_follow_the_chances_and_the_seed(page: Page):
    run = """const random = generator(given), order = Uint32Array.from([0, 1, 2]), counts = [0, 0, 0];
        for (let i = 0; i < 20000; i += 1) counts[drawOne(Float64Array.from([0.1, 0, 0.9]), order, random)] += 1;
        return counts;"""
    first, second, again = (in_browser(page, ("draws",), run, seed) for seed in (0, 1, 0))
    assert first == again != second and first[1] == second[1] == 0
    assert abs(first[0] - 2000) < 4 * np.sqrt(20000 * 0.1 * 0.9)


def test_the_bars_are_the_chances(show):
    page = show("truth", "&test.sampler=0.5_0_0.9_0")
    expected, own = warped(logits_of(), 0.5, 0, 0.9, 0.0), warped(logits_of(), 1.0, 0, 1.0, 0.0)
    order = np.argsort(-own)
    titles = page.locator(".sampler .pair:not(.head) .figure.after").evaluate_all("all => all.map(one => one.title)")
    assert np.allclose([float(text) for text in titles][:12], expected[order[:12]], atol=1e-6)
    assert float(titles[12]) == pytest.approx(expected[order[12:]].sum(), abs=1e-6)
    left = int(re.match(r"\d+", page.locator(".facts dd").nth(0).text_content()).group())
    assert left == (expected > 0).sum()
    assert float(page.locator(".facts dd").nth(1).get_attribute("title")) == pytest.approx(
        own[expected == 0].sum(), abs=1e-6
    )
    bits = [float(text) for text in page.locator(".facts dd").nth(2).get_attribute("title").split(" → ")]
    entropies = [-(probs[probs > 0] * np.log2(probs[probs > 0])).sum() for probs in (own, expected)]
    assert bits == pytest.approx(entropies, abs=1e-5)


def test_sliders_stay_in_the_browser_until_they_are_let_go(show):
    page = show("sampler")
    before = rows(page, "after")
    page.get_by_role("slider").nth(0).evaluate(
        "slider => { slider.value = 4; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    expect(page.locator(".sampler")).to_have_attribute("data-settings", "0.3_0_1_0")
    assert rows(page, "after") != before
    page.wait_for_timeout(800)
    expect(page.get_by_text("runs 1")).to_be_visible()
    moved(page, 0, "ArrowRight", 2)
    page.wait_for_url("**test.sampler=0.4_0_1_0*")
    expect(page.get_by_text("runs 2")).to_be_visible()
    page.reload()
    expect(page.locator(".sampler")).to_have_attribute("data-settings", "0.4_0_1_0")


def test_a_hundred_draws_stand_beside_what_was_expected(show):
    page = show("truth", "&test.sampler=1_5_1_0")
    page.get_by_role("button", name="Draw 100").click()
    first = rows(page, "figure.drawn b")
    assert sum(int(count) for count in first) == 100 and set(first[5:]) == {"0"}
    expect(page.locator(".sampler .pair .drawn:not([hidden])").first).to_be_visible()
    page.get_by_role("button", name="Draw 100 more").click()
    assert sum(int(count) for count in rows(page, "figure.drawn b")) == 200
    page.get_by_role("button", name="start over").click()
    page.get_by_role("button", name="Draw 100").click()
    assert rows(page, "figure.drawn b") == first
    page.get_by_role("button", name="another seed").click()
    assert rows(page, "figure.drawn b") != first
    moved(page, 0, "ArrowLeft", 1)
    expect(page.locator(".sampler")).to_have_attribute("data-draws", "0")


def test_more_tokens_can_be_asked_for(show):
    page = show("sampler")
    for _ in range(3):
        if page.get_by_role("button", name="more tokens").is_visible():
            page.get_by_role("button", name="more tokens").click()
    expect(page.locator(".sampler .pair:not(.head)")).to_have_count(61)
    expect(page.get_by_role("row")).to_have_count(62)


def sampler_table(page: Page) -> tuple[dict[str, str], list[str], list[list[str]]]:
    """The sampler's CSV: what was set, the heads of the columns, the rows."""
    table = list(csv.reader(io.StringIO(download(page, "CSV").decode("utf-8-sig"), newline="")))
    blank = table.index([])
    return dict(table[:blank]), table[blank + 1], table[blank + 2 :]


def test_the_table_of_the_sampler_holds_every_digit(show):
    page = show("truth", "&test.sampler=0.5_0_0.9_0")
    own, chances = warped(logits_of(), 1.0, 0, 1.0, 0.0), warped(logits_of(), 0.5, 0, 0.9, 0.0)
    order = np.argsort(-own)[:12]
    _, undrawn, before = sampler_table(page)
    assert len(undrawn) == 5 and len(before) == 13
    page.get_by_role("button", name="Draw 100").click()
    drawn_on_page = [int(count) for count in rows(page, "figure.drawn b")]
    settings, head, after = sampler_table(page)
    assert settings == {"Temperature": "0.5", "Top-k": "all", "Top-p": "0.9", "Min-p": "0", "draws": "100", "seed": "0"}
    assert head[:5] == undrawn and len(head) == 8 and [row[:5] for row in after] == before
    assert [row[0] for row in after] == [*(vocabulary_of()[id] for id in order), "288 others"]
    assert [row[1] for row in after] == [*map(str, order), ""]
    model, chance, truth, drawn, expected, spread = np.array([row[2:] for row in after], float).T
    assert np.allclose(model, [*own[order], 1 - own[order].sum()], rtol=1e-5)
    assert np.allclose(chance, [*chances[order], 1 - chances[order].sum()], atol=1e-6)
    assert truth.tolist() == [0.75 * (id == 40) for id in order] + [0.75 * (40 not in order)]
    assert drawn.tolist() == drawn_on_page and drawn.sum() == 100
    assert np.allclose(expected, 100 * chance) and np.allclose(spread, 20 * np.sqrt(chance * (1 - chance)), atol=1e-5)


def test_the_drawing_of_the_sampler_is_what_stands_on_the_page(show):
    page = show("truth", "&test.sampler=0.5_5_1_0")
    page.get_by_role("button", name="Draw 100").click()
    whole = ElementTree.fromstring(download(page, "SVG"))
    drawn = whole.findall(".//{*}g[@class='row']")
    chances = warped(logits_of(), 0.5, 5, 1.0, 0.0)
    order = np.argsort(-chances)[:5]
    end = float(page.locator(".sampler .axis .high").text_content())
    bars = [row.findall("{*}rect[@height='7']") for row in drawn]
    widths = np.array([float(bar.get("width")) for _, bar in bars])
    assert np.allclose(widths[:5] * end / 360, chances[order], atol=1e-6) and not widths[5:].any()
    assert [own.get("fill") == "url(#cut)" for own, _ in bars] == [False] * 5 + [True] * 8
    assert [len(row.findall("{*}circle")) for row in drawn] == [1] * 5 + [0] * 8
    said = ["".join(text.itertext()) for text in whole.iter("{http://www.w3.org/2000/svg}text")]
    assert (
        "Temperature 0.5 · Top-k 5 · Top-p 1 · Min-p 0" in said and "100 draws, seed 0; ± holds 19 times of 20" in said
    )
    assert {"model", "drawn from", "truth", "drawn (expected)", "288 others"} <= set(said)
    for part in ("figure.before", "figure.after", "figure.truth", "figure.drawn"):
        assert set(rows(page, part)) <= set(said)
    picture = download(page, "PNG")
    size = [int.from_bytes(picture[at : at + 4]) for at in (16, 20)]
    assert picture.startswith(b"\x89PNG") and size == [3 * int(whole.get(side)) for side in ("width", "height")]


def test_hostile_tokens_leave_the_sampler_as_text(show):
    page = show("sampler")
    while page.get_by_role("button", name="more tokens").is_visible():
        page.get_by_role("button", name="more tokens").click()
    names = [
        text.text for text in ElementTree.fromstring(download(page, "SVG")).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert "U+0007" in names and "<0xE4>" in names
    assert HOSTILE[6] in [row[0] for row in sampler_table(page)[2]]
    assert download(page, "PNG").startswith(b"\x89PNG")


def test_a_file_has_no_letter_that_is_none(page: Page):
    run = "return svgText(svg('text', { class: 'a\\ud800' }, '\\udc00\\uffff\\u72d7<b>'));"
    made = ElementTree.fromstring(in_browser(page, ("../tools/files",), run, None))
    assert (made.get("class"), made.text) == ("a\ufffd", "\ufffd\ufffd\u72d7<b>")


def test_a_cell_that_begins_like_a_formula_is_none(page: Page):
    formulas = ["=1+2", " +1", "\t=1", "\n-1", "@x"]
    plain = ["a=1", " dogs", 'say "so", then', "\u221e", "two\r\nlines", ""]
    quoted = in_browser(page, ("../tools/files",), "return given.map(quote);", [*formulas, *plain])
    cells = next(csv.reader(io.StringIO(",".join(quoted), newline="")))
    assert cells == [*(f"'{text}" for text in formulas), *plain]
