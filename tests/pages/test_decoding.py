"""The decoding lesson through app.py: every demo runs in both languages, and what is set is what is decoded."""

import sys

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from tests.lessons import models
from tests.pages.course import link_of, open_page, said

FIGURES = {"confident_next", "cache_cost"}


def uncovered(language="en", **link):
    """The lesson after a learner asked to be shown everything."""
    page = open_page("decoding", lang=language, **link)
    for check in checks("decoding", language):
        if check.kind == "prediction":
            page.button(key=f"decoding.check{check.number}.show").click().run()
    return page


def drawn(page) -> set[str]:
    return {chart.proto.id.rsplit("decoding.")[-1] for chart in page.get("plotly_chart")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn(language):
    page, words = uncovered(language), read("decoding", language).labels
    assert not page.exception
    told = said(page)
    assert ui_text(language)["errors.demo"] not in told
    assert drawn(page) == FIGURES
    assert words["greedy"] in told and "thirsty" in told
    assert words["answers_greedy"] in told
    assert any("num_return_sequences" in code.value for code in page.get("code"))
    assert words["ours_same"].split("{")[0] in told
    assert words["same_text"].partition("{tokens}")[2][:8] in told
    assert any(r"\tau" in latex.value for latex in page.latex)


def test_the_strategies_of_the_tree_stand_in_the_link():
    page = open_page("decoding", **{"lang": "en", "decoding.tree_which": "greedy.penalty"})
    assert link_of(page)["decoding.tree_which"] == "greedy.penalty"
    words = read("decoding", "en").labels
    begun = [text.value for text in page.text if text.value.startswith((words["top_k"] + ":", words["greedy"] + ":"))]
    assert any("thirsty" in line for line in begun) and not any(line.startswith(words["top_k"]) for line in begun)


def test_a_node_that_is_asked_for_opens_what_is_behind_it():
    page = open_page("decoding", **{"lang": "en", "decoding.tree_tree": "1"})
    assert read("decoding", "en").labels["behind"].format(token="thirsty") in said(page)
    assert {"tree_looks", "tree_layers"} <= drawn(page)
    assert not page.exception


def test_no_strategy_gets_a_sentence():
    page = open_page("decoding", **{"lang": "en", "decoding.tree_steps": "4"})
    page.session_state["decoding.tree_which"] = []
    page.run()
    assert not page.exception
    assert read("decoding", "en").labels["none_chosen"] in said(page)


@pytest.mark.parametrize("text", ["", " ", "x", "dogs " * 400, "</script><b>\u202e\x00|[a](b)$x$"])
def test_any_text_gets_a_tree_or_a_sentence(text):
    link = {f"decoding.{demo}_text": text for demo in ("tree", "bars", "five", "confident")}
    page = open_page("decoding", lang="en", **link)
    assert not page.exception
    assert ui_text("en")["errors.demo"] not in said(page)


@pytest.mark.parametrize("family", ["gpt2", "bert"])
def test_a_small_model_without_the_truth_and_one_that_cannot_write(tmp_path, monkeypatch, family):
    folder = str(getattr(models, family)(tmp_path / family))
    asked = sys.modules["pages.ui.live"]
    monkeypatch.setattr(
        asked, "traced", lambda model_id, text, traced=asked.traced: traced(folder, "the dogs near the tree")
    )
    page = uncovered()
    assert not page.exception
    assert ui_text("en")["errors.demo"] not in said(page)
    assert (ui_text("en")["errors.other_kind"] in said(page)) == (family == "bert")
    assert ("cache_cost" in drawn(page)) == (family == "gpt2")
