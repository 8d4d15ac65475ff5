"""The embeddings lesson through app.py, on a small random model: every demo is drawn, in both languages."""

import sys

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from tests.lessons import models
from tests.pages.course import open_page, said

FIGURES = {
    "lookup_rows", "neighbours_cosine", "neighbours_product", "centred_layers", "contexts_fan", "sentences_map",
    "rotation_coordinates", "rotation_learnt", "rotation_rotated", "compare_maps1", "compare_maps2",
    "compare_difference",
}  # fmt: skip
TEXT = "the dogs near the tree"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    return str(models.gpt2(tmp_path_factory.mktemp("models") / "gpt2"))


@pytest.fixture
def small_model(folder, monkeypatch):
    """Whatever model and text a demo asks for, the small one reads its own words."""
    import pages.ui as ui

    running = sys.modules["pages.ui.running"]
    traced, model_of = running.traced, running.model_of
    for module in (ui, sys.modules["pages.ui.live"], sys.modules["pages.ui.compare"]):
        monkeypatch.setattr(module, "traced", lambda model_id, text: traced(folder, TEXT))
    monkeypatch.setattr(ui, "model_of", lambda model_id: model_of(folder))


def opened(language):
    """The lesson after a learner asked to be shown everything."""
    page = open_page("embeddings", lang=language)
    for check in checks("embeddings", language):
        if check.kind == "prediction":
            page.button(key=f"embeddings.check{check.number}.show").click().run()
    return page


def drawn_on(page):
    return {chart.proto.id.rsplit("embeddings.")[-1] for chart in page.get("plotly_chart")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn_and_what_the_model_lacks_is_said(small_model, language, monkeypatch):
    monkeypatch.setattr("lessons.embeddings.BANKS", (TEXT,) * 3)
    page = opened(language)
    page.text_input(key="embeddings.contexts_word").set_value("dogs").run()
    assert not page.exception
    assert ui_text(language)["errors.demo"] not in said(page)
    assert drawn_on(page) == FIGURES
    labels = read("embeddings", language).labels
    assert labels["few_words"] in said(page) and labels["no_pairs"] in said(page)
    assert labels["no_token"].format(word="king") in said(page)


def test_with_the_models_that_come_along_nothing_is_missing():
    page = opened("en")
    maps = {"centred_pairs_bars", "analogy_nearest", "analogy_hits", "map_pca_map", "map_tsne_map", "rotation_axes"}
    assert drawn_on(page) == FIGURES | maps
    labels = read("embeddings", "en").labels
    for key, typed in (("analogy_sum", "queen = king"), ("map_pca_word", "<script>"), ("neighbours_word", " ")):
        page.text_input(key=f"embeddings.{key}").set_value(typed).run()
    page.text_area(key="embeddings.sentences_text").set_value(" \n ").run()
    assert not page.exception and ui_text("en")["errors.demo"] not in said(page)
    assert labels["no_sum"] in said(page) and labels["no_token"].format(word="<script>") in said(page)
    missing = {"analogy_nearest", "neighbours_cosine", "neighbours_product", "sentences_map"}
    assert drawn_on(page) == (FIGURES | maps) - missing
