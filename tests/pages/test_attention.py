"""The attention lesson through app.py, on a small random model: every demo is drawn, in both languages."""

import sys

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from tests.lessons import models
from tests.pages.course import open_page, said

FIGURES = (
    "look_next", "one_query_steps", "toy_weights", "toy_plane", "whole_map_weights",
    "compared_map1", "compared_map2", "compared_difference", "saturation_weights",
    "saturation_curves", "unscaled_entropy",
    "unscaled_next", "two_ways_strips", "two_ways_difference", "heads_off_next",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    return str(models.gpt2(tmp_path_factory.mktemp("models") / "gpt2"))


@pytest.fixture
def small_model(folder, monkeypatch):
    """Whatever model and text a demo asks for, the small one reads its own words."""
    live = sys.modules["pages.ui.live"]
    monkeypatch.setattr(
        live, "traced", lambda model_id, text, traced=live.traced: traced(folder, "the dogs near the tree")
    )


def uncovered(language):
    """The lesson after a learner asked to be shown everything."""
    page = open_page("attention", lang=language)
    for check in checks("attention", language):
        if check.kind == "prediction":
            page.button(key=f"attention.check{check.number}.show").click().run()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn(small_model, language):
    page = uncovered(language)
    assert not page.exception
    assert ui_text(language)["errors.demo"] not in said(page)
    drawn = {chart.proto.id.rsplit("attention.")[-1] for chart in page.get("plotly_chart")}
    assert drawn == set(FIGURES)
    assert any(r"\sqrt{8}" in latex.value for latex in page.latex), "the formula with this model's own width in it"
    labels = read("attention", language).labels
    assert {box.label for box in page.selectbox} >= {labels["from_word"], labels["at_word"]}
