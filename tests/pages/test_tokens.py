"""The tokens lesson through app.py: every demo is drawn, in both languages; hostile text becomes no error."""

import json

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from tests.hostile.texts import SCRIPTS
from tests.pages.course import open_page, said

FIGURES = {"units_counts", "merges_shrinking", "languages_costs", "permuted_next"}
STRIPS = {
    "look_strip", "units_strip", "merges_steps", "three_bpe", "three_wordpiece", "three_unigram",
    "side_by_side_first_strip", "side_by_side_second_strip", "side_by_side_own", "languages_strip",
    "permuted_old", "permuted_new",
}  # fmt: skip


def uncovered(language, **link):
    """The lesson after a learner asked to be shown everything."""
    page = open_page("tokens", lang=language, **link)
    for check in checks("tokens", language):
        if check.kind == "prediction":
            page.button(key=f"tokens.check{check.number}.show").click().run()
    return page


def strips(page) -> dict[str, dict]:
    """What each strip of chips was sent, by its name."""
    sent = {part.proto.id.rsplit("tokens.")[-1]: part.proto.json for part in page.get("bidi_component")}
    return {name: json.loads(data) for name, data in sent.items() if name in STRIPS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn(language):
    page = uncovered(language)
    assert not page.exception
    assert ui_text(language)["errors.demo"] not in said(page)
    assert {chart.proto.id.rsplit("tokens.")[-1] for chart in page.get("plotly_chart")} == FIGURES
    assert strips(page).keys() == STRIPS
    assert strips(page)["permuted_new"]["tokens"] == strips(page)["permuted_old"]["tokens"]


def test_rows_that_stay_show_what_the_model_reads_instead():
    page = uncovered("en", **{"tokens.permuted_rows": "stay"})
    sent = strips(page)
    assert sent["permuted_new"]["tokens"] != sent["permuted_old"]["tokens"]
    assert read("tokens", "en").labels["new_ids_stay"] in said(page)


@pytest.mark.parametrize("text", [SCRIPTS[0], "\U0001f468\u200d\U0001f469\u200d\U0001f467", "a", "\u202e ", "$x$ {}"])
def test_any_text_is_cut_and_none_is_an_error(text):
    link = {f"tokens.{name}_text": text for name in ("look", "units", "merges", "three", "side_by_side", "permuted")}
    page = uncovered("zh", **link)
    assert not page.exception
    assert ui_text("zh")["errors.demo"] not in said(page)
    assert ui_text("zh")["errors.unexpected"] not in said(page)


def test_a_model_that_cannot_be_opened_is_told_and_the_rest_goes_on(tmp_path):
    asked = ("side_by_side_first", "languages_model")  # of the demos that no prediction covers
    page = open_page("tokens", lang="en", **{f"tokens.{name}": str(tmp_path / "nothing") for name in asked})
    assert not page.exception and ui_text("en")["errors.demo"] not in said(page)
    assert said(page).count(ui_text("en")["errors.unknown_folder"].partition("{")[0]) == len(asked)
    assert {"side_by_side_second_strip", "side_by_side_own"} <= strips(page).keys()
    assert not {"side_by_side_first_strip", "languages_strip"} & strips(page).keys()
    assert "languages_costs" in {chart.proto.id.rsplit("tokens.")[-1] for chart in page.get("plotly_chart")}
