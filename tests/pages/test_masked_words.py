"""The lesson on masked words through app.py: every demo is drawn, words are covered, odd texts get a sentence."""

import re

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from pages.ui.blanks import HERE
from pages.ui.blanks.covering import cover, in_own_words, offered, pieces, read_places, without_masks, write_places
from tests.lessons.masked_bert import masked_bert
from tests.pages.course import link_of, of_script, open_page, said

FIGURES = {
    "fill_in_gap0", "sides_left", "sides_both", "real_left", "real_both", "looks_shares", "right_hidden_bars",
    "two_gaps_each_alone", "two_gaps_in_turn", "two_gaps_in_truth", "everything_bars", "recipe_table",
    "training_losses", "training_scores", "training_line", "follows_bars",
}  # fmt: skip
PICKERS = ("fill_in", "sides", "real", "looks", "right_hidden", "two_gaps", "everything", "recipe", "follows")
BROKEN = ("errors.demo", "errors.unexpected", "errors.page")


def figures(page) -> set[str]:
    return {chart.proto.id.rsplit(".")[-1] for chart in page.get("plotly_chart")}


def assert_alive(page, language: str = "en") -> None:
    assert not page.exception
    assert not [key for key in BROKEN if ui_text(language)[key] in said(page)]


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> dict[str, str]:
    """A link in which every demo opens on a small random BERT."""
    folder = str(masked_bert(tmp_path_factory.mktemp("small") / "bert"))
    return {f"masked_words.{name}_model": folder for name in PICKERS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn(language):
    page = open_page("masked_words", lang=language)
    for check in checks("masked_words", language):
        if check.kind == "prediction":
            page.button(key=f"masked_words.check{check.number}.show").click().run()
    assert_alive(page, language)
    assert figures(page) == FIGURES


@pytest.mark.parametrize(
    "text", ["a", "…", "<b>dogs</b> $x$ [MASK]", "[MASK]", "[MASK] [MASK] [mask] <mask>", "[MASK]."]
)
def test_any_text_can_be_typed(small, text):
    page = open_page("masked_words", **small, **{f"masked_words.{name}_text": text for name in PICKERS[:-1]})
    assert_alive(page)


def test_empty_texts_get_a_sentence_each(small):
    page = open_page("masked_words", **small)
    for box in page.text_input:
        if "_text" in (box.key or "") or "follows" in (box.key or ""):
            box.set_value("")
    assert_alive(page)


def test_a_model_of_another_mask_gets_its_own(tmp_path):
    folder = str(masked_bert(tmp_path / "roberta", "<mask>"))
    page = open_page("masked_words", **{"masked_words.fill_in_model": folder})
    assert_alive(page)
    assert "fill_in_gap0" in figures(page)


def test_a_model_that_fills_no_gaps_is_told_apart():
    page = open_page(
        "masked_words", **{"masked_words.fill_in_model": "meadow-gpt", "masked_words.follows_model": "minilm"}
    )
    assert_alive(page)
    assert said(page).count(ui_text("en")["errors.other_kind"]) == 2


def test_covered_words_stand_in_the_link_and_several_gaps_are_drawn(small):
    page = open_page("masked_words", **small, **{"masked_words.fill_in_cover": "1.2"})
    assert_alive(page)
    assert link_of(page)["masked_words.fill_in_cover"] == "1.2"
    assert {"fill_in_gap0", "fill_in_gap1", "fill_in_gap2"} <= figures(page)


def test_a_text_without_a_gap_is_told_kindly(small):
    page = open_page("masked_words", **small, **{"masked_words.fill_in_text": "The dogs are hungry."})
    assert ui_text("en")["blanks.offered"] in said(page) and "fill_in_gap0" in figures(page)
    none = {"masked_words.fill_in_text": "The dogs are hungry.", "masked_words.fill_in_cover": "none"}
    page = open_page("masked_words", **small, **none)
    assert ui_text("en")["blanks.nothing"] in said(page) and "fill_in_gap0" not in figures(page)


def test_two_gaps_are_asked_for_where_there_are_not_two(small):
    page = open_page("masked_words", **small, **{"masked_words.two_gaps_text": "The dogs [MASK] hungry."})
    assert read("masked_words", "en").labels["two_wanted"] in said(page)
    page = open_page("masked_words", **small, **{"masked_words.sides_text": "[MASK] dogs are hungry."})
    assert read("masked_words", "en").labels["one_gap"] in said(page)


@pytest.mark.parametrize(("text", "places", "covered", "answers"), [
    ("The dogs are hungry.", (3,), "The dogs are [MASK].", ("hungry",)),
    ("The [mask] are <mask>.", (0,), "[MASK] [MASK] are [MASK].", ("The", None, None)),
    ("\u6625\u5929\u6765\u4e86", (1,), "\u6625[MASK]\u6765\u4e86", ("\u5929",)),
    ("don't go", (0, 1), "[MASK] [MASK]", ("don't", "go")),
    ("a, b", (1,), "a[MASK] b", (",",)),
    ("", (), "", ()),
])  # fmt: skip
def test_a_text_is_covered_where_it_was_clicked(text, places, covered, answers):
    found = cover(text, pieces(text), places)
    assert (found.text, found.answers) == (covered, answers)


def test_what_is_offered_is_the_last_word_and_only_without_a_gap():
    assert offered(pieces("The dogs are hungry.")) == (3,)
    assert offered(pieces("The [MASK] are hungry.")) == offered(pieces("...")) == offered(pieces("")) == ()
    assert len(pieces("a " * 500)) == 60
    assert in_own_words("a [MASK]", "<mask>") == "a <mask>" and without_masks("a [MASK] b<mask>") == "a  b"


@pytest.mark.parametrize(("text", "places"), [
    ("none", ()), ("1.3", (1, 3)), ("9.1.1", (1,)), ("", None), ("-1", None), ("1..2", None), ("a", None),
    ("99999999", None), ("\u0661", None),
])  # fmt: skip
def test_a_link_asks_for_places_that_are_there(text, places):
    assert read_places(text, 5) == places


def test_places_are_written_as_they_are_read():
    assert read_places(write_places((4, 0)), 5) == (0, 4) and write_places(()) == "none"


def test_the_strip_turns_no_text_into_markup_and_reaches_nowhere():
    code = re.sub(r"//.*", "", (HERE / "blanks.js").read_text(encoding="utf-8"))
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "http"):
        assert forbidden not in code


def test_another_text_lifts_all_covers():
    def script():
        import streamlit as st

        from lessons import read
        from pages import ui

        text = st.text_input("text", "one two three", key="typed")
        st.text(ui.blanks(read("masked_words", "en"), "x", text).text)

    page = of_script(script)
    page.query_params["masked_words.x"] = "0"
    page.run()
    assert "[MASK] two three" in said(page)
    page.text_input(key="typed").set_value("four five six").run()
    assert "four five [MASK]" in said(page) and not page.exception
