"""The block lesson through app.py, on a small random model: every demo is drawn, in both languages."""

import sys

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from tests.lessons import models
from tests.pages.course import open_page, said

FIGURES = {
    "stream_added", "stream_pushes", "norm_vector", "orders_pre", "orders_post", "orders_lengths", "mlp_firing",
    "mlp_units", "counted_parts", "lens_map", "lens_words", "switches_next", "switches_lens_intact",
    "switches_lens_broken", "switches_sweep", "depth_curves", "depth_last", "compare_added1", "compare_added2",
    "compare_difference",
}  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, str]:
    at = tmp_path_factory.mktemp("models")
    return {"gpt2": str(models.gpt2(at / "gpt2")), "bert": str(models.bert(at / "bert"))}


def reads_with(folder: str, monkeypatch) -> None:
    """Whatever model and text a demo asks for, this one reads its own words."""
    for module in ("live", "compare"):
        asked = sys.modules[f"pages.ui.{module}"]
        monkeypatch.setattr(
            asked, "traced", lambda model_id, text, traced=asked.traced: traced(folder, "the dogs near the tree")
        )


def uncovered(language):
    """The lesson after a learner asked to be shown everything."""
    page = open_page("block", lang=language)
    for check in checks("block", language):
        if check.kind == "prediction":
            page.button(key=f"block.check{check.number}.show").click().run()
    return page


def drawn(page) -> set[str]:
    return {chart.proto.id.rsplit("block.")[-1] for chart in page.get("plotly_chart")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn(folders, monkeypatch, language):
    reads_with(folders["gpt2"], monkeypatch)
    page = uncovered(language)
    assert not page.exception
    assert ui_text(language)["errors.demo"] not in said(page)
    assert drawn(page) == FIGURES
    assert "1,122,304" in said(page)
    assert any(r"\sigma^2" in latex.value for latex in page.latex)


def test_an_encoder_has_a_stream_but_no_lens(folders, monkeypatch):
    reads_with(folders["bert"], monkeypatch)
    page = uncovered("en")
    assert not page.exception
    assert ui_text("en")["errors.demo"] not in said(page)
    assert {"stream_added", "norm_vector", "orders_lengths", "mlp_units", "compare_difference"} <= drawn(page)
    assert not drawn(page) & {"stream_pushes", "lens_map", "switches_sweep"}
    assert ui_text("en")["errors.other_kind"] in said(page)


def test_another_family_gets_a_sentence(folders, monkeypatch):
    reads_with(folders["gpt2"], monkeypatch)
    monkeypatch.setattr("lessons.block.network._plain_gpt2", lambda config: False)
    page = uncovered("en")
    assert not page.exception
    assert ui_text("en")["errors.demo"] not in said(page)
    assert read("block", "en").labels["other_shape"] in said(page)
    assert drawn(page) == {"counted_parts", "depth_curves", "depth_last"}


def test_two_models_of_different_depth_are_told_apart(folders, monkeypatch):
    found = {"meadow-gpt": folders["gpt2"], "minilm": folders["bert"]}
    asked = sys.modules["pages.ui.compare"]
    monkeypatch.setattr(
        asked, "traced", lambda model_id, text, traced=asked.traced: traced(found[model_id], "the dogs near the tree")
    )
    page = open_page("block", **{"lang": "en", "block.compare_by": "models"})
    assert read("block", "en").labels["other_depth"] in said(page)
    assert {"compare_added1", "compare_added2"} <= drawn(page)
