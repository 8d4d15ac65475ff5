"""The heads lesson through app.py: every demo is drawn; the sweep is one request; the switches stand in the link."""

import sys
from types import SimpleNamespace

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from lessons.heads import switching
from model_utils import ModelError
from pages.ui import running
from pages.ui.computed import computed
from pages.ui.head_switches import read_heads, write_heads
from tests.pages.course import link_of, of_script, open_page, said

FIGURES = {
    "roles_maps", "roles_looks", "verses_maps", "verses_looks", "lists_scores", "lists_looks", "three_ways_average",
    "three_ways_rollout", "three_ways_lengths",
    "concat_strips", "sweep_map", "pairs_next", "pairs_together", "resting_row", "resting_next",
    "side_by_side1", "side_by_side2", "side_by_side_difference",
}  # fmt: skip


def uncovered(language: str, **link: str):
    """The lesson after a learner asked to be shown everything."""
    page = open_page("heads", lang=language, **link)
    for check in checks("heads", language):
        if check.kind == "prediction":
            page.button(key=f"heads.check{check.number}.show").click().run()
    return page


def figures(page) -> set[str]:
    return {chart.proto.id.rsplit("heads.")[-1] for chart in page.get("plotly_chart")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn(language):
    page = uncovered(language)
    assert not page.exception
    words, shown = read("heads", language).labels, said(page)
    assert ui_text(language)["errors.demo"] not in shown
    assert figures(page) == FIGURES
    assert words["induction_says"] in shown
    assert words["missed_most"].split("{")[0] in shown


@pytest.mark.parametrize("text", ["a", "…", "<b>dogs</b> $x$ dogs", "dogs dogs dogs dogs"])
def test_any_text_can_be_typed(text):
    page = uncovered("en")
    for demo in ("roles", "three_ways", "concat", "sweep", "pairs", "resting"):
        page.text_input(key=f"heads.{demo}_text").set_value(text)
    page.run()
    assert not page.exception
    assert ui_text("en")["errors.demo"] not in said(page) and ui_text("en")["errors.unexpected"] not in said(page)


@pytest.mark.parametrize(("extent", "drawn"), [("one", True), ("none", False)])
def test_a_large_model_is_swept_in_part_and_says_so(monkeypatch, extent, drawn):
    monkeypatch.setattr(switching, "extent", lambda run, parameters: extent)
    page = uncovered("en")
    assert not page.exception
    assert read("heads", "en").labels[f"sweep_{extent}"] in said(page)
    assert ("sweep_map" in figures(page)) is drawn
    assert any(box.key == "heads.sweep_layer" for box in page.selectbox) is drawn


def test_an_encoder_is_told_apart_where_a_next_word_is_needed():
    page = open_page("heads", **{"heads.pairs_model": "minilm", "heads.lists_model": "minilm"})
    assert not page.exception
    assert said(page).count(ui_text("en")["errors.other_kind"]) == 2
    assert not figures(page) & {"pairs_next", "lists_scores"}


def test_two_models_of_other_shapes_are_compared():
    link = {"heads.side_by_side_by": "models", "heads.side_by_side_model1": "minilm",
            "heads.side_by_side_model2": "meadow-gpt", "heads.side_by_side_layer": "5"}  # fmt: skip
    page = open_page("heads", **link)
    assert not page.exception
    assert read("heads", "en").labels["lacks_head"].format(layer=5, head=3) in said(page)


def test_switched_heads_stand_in_the_link():
    page = open_page("heads", **{"heads.pairs_off": "1.1_3.2"})
    assert not page.exception and link_of(page)["heads.pairs_off"] == "1.1_3.2"
    untouched = open_page("heads", **{"heads.pairs_off": "1.1_1.3"})
    assert "heads.pairs_off" not in link_of(untouched)


@pytest.mark.parametrize(
    ("text", "heads"),
    [("none", ()), ("1.1_1.3", ((1, 1), (1, 3))), ("0.0_9.9", ((0, 0),)), ("-1.0", ()), ("1", None), ("", None),
     ("a.b", None), ("1.2.3", None)],
)  # fmt: skip
def test_a_link_asks_for_heads_that_are_there(text, heads):
    assert read_heads(text, (4, 4)) == heads


def test_heads_are_written_as_they_are_read():
    assert read_heads(write_heads(((0, 3), (1, 0))), (4, 4)) == ((0, 3), (1, 0))
    assert write_heads(()) == "none"


@pytest.fixture
def loaded(monkeypatch):
    """No model is loaded: work gets a stand-in."""
    module = sys.modules["pages.ui.computed"]
    monkeypatch.setattr(module, "loaded", lambda slot, model_id: SimpleNamespace(id=model_id))


def test_equal_work_is_done_once(loaded):
    done = []

    def work(model, report):
        report(0.5, "sweep")
        done.append(model.id)
        return len(done)

    assert computed(("once", 1), "small", work) == computed(("once", 1), "small", work) == 1
    assert computed(("once", 1), "large", work) == 2 and computed(("once", 2), "small", work) == 3
    assert done == ["small", "large", "small"]


def test_work_that_fails_becomes_a_sentence(loaded):
    def script():
        from model_utils import ModelError
        from pages import ui  # noqa: F401
        from pages.ui.computed import computed

        def broken(model, report):
            raise ModelError("other_kind")

        assert computed("breaks", "none", broken) is None

    page = of_script(script).run()
    assert not page.exception and ui_text("en")["errors.other_kind"] in said(page)


def test_a_full_line_is_a_sentence_too(loaded, monkeypatch):
    told = []
    monkeypatch.setattr(running, "_tell", lambda slot, text: told.append(text))

    def full(*asked, **more):
        raise ModelError("busy", waiting=60)

    monkeypatch.setattr(sys.modules["pages.ui.computed"].queueing, "ask", full)
    assert computed("full", "small", lambda model, report: 1) is None
    assert told and "60" in told[0]
