"""The positions lesson through app.py, on small random models: every demo is drawn, in both languages."""

import sys

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from tests.lessons import models
from tests.model_utils import families
from tests.pages.course import open_page, said

FIGURES = {
    "shuffle_moved", "sinusoids_table", "sinusoids_clocks", "added_pairs", "learned_meadow_similarity",
    "learned_minilm_similarity", "rope_alone", "rope_both", "alibi_lines", "distance_ways", "beyond_ways",
    "off_with", "off_without", "causal_moved", "causal_layers",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    return str(models.gpt2(tmp_path_factory.mktemp("models") / "gpt2"))


@pytest.fixture
def small_model(folder, monkeypatch):
    """Whatever model a demo asks for, the small one answers."""
    live, page = sys.modules["pages.ui.live"], sys.modules["pages.ui"]
    for module in (live, page):
        monkeypatch.setattr(
            module,
            "traced",
            lambda model_id, text, off=(), traced=live.traced: traced(folder, "the dogs near tree", off),
        )
    monkeypatch.setattr(page, "model_of", lambda model_id, model_of=page.model_of: model_of(folder))


def uncovered(language, **link):
    """The lesson after a learner asked to be shown everything."""
    page = open_page("positions", lang=language, **link)
    for check in checks("positions", language):
        if check.kind == "prediction":
            page.button(key=f"positions.check{check.number}.show").click().run()
    return page


def drawn(page) -> set[str]:
    return {chart.proto.id.rsplit("positions.")[-1] for chart in page.get("plotly_chart")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn(small_model, language):
    page = uncovered(language)
    assert not page.exception
    assert ui_text(language)["errors.demo"] not in said(page)
    assert drawn(page) == FIGURES
    assert any("R_{13}" in latex.value for latex in page.latex), "the worked product at two places"
    assert read("positions", language).labels["has_table"] in said(page)


@pytest.mark.parametrize("view", ["path", "table"])
def test_the_other_views_of_a_table(small_model, view):
    page = open_page("positions", lang="en", **{"positions.learned_view": view})
    assert {f"learned_meadow_{view}", f"learned_minilm_{view}"} <= drawn(page)


def test_models_without_a_table_get_a_sentence_and_their_own_curves(tmp_path_factory, monkeypatch):
    llama = str(families.write("llama", tmp_path_factory.mktemp("models") / "llama"))
    page = sys.modules["pages.ui"]
    monkeypatch.setattr(page, "model_of", lambda model_id, model_of=page.model_of: model_of(llama))
    opened = open_page("positions", lang="en")
    words, shown = read("positions", "en").labels, said(opened)
    assert ui_text("en")["errors.demo"] not in shown and not opened.exception
    assert words["has_rotary"] in shown and shown.count(words["no_table"]) == 2
    assert "learned_meadow_curves" in drawn(opened) and "beyond_ways" not in drawn(opened)
