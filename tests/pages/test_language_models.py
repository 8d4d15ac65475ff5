"""The language models lesson through app.py: every demo is drawn in both languages, and says what it must."""

import pytest

from lessons import LANGUAGES, checks, read, ui_text
from tests.pages.course import open_page, said

FIGURES = {
    "counting_next", "likelihood_curve", "sparsity_unseen", "smoothing_bits", "states_rounds", "states_words",
    "trellis_steps", "side_by_side_next", "bits_chart", "looked_up_times", "looked_up_next",
}  # fmt: skip


def uncovered(language, **link):
    """The lesson after a learner asked to be shown everything."""
    page = open_page("language_models", lang=language, **link)
    for check in checks("language_models", language):
        if check.kind == "prediction":
            page.button(key=f"language_models.check{check.number}.show").click().run()
    return page


def drawn(page) -> set[str]:
    return {chart.proto.id.rsplit("language_models.")[-1] for chart in page.get("plotly_chart")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_demo_is_drawn(language):
    page = uncovered(language)
    words, shown = read("language_models", language).labels, said(page)
    assert not page.exception
    assert ui_text(language)["errors.demo"] not in shown and ui_text(language)["errors.unexpected"] not in shown
    assert drawn(page) == FIGURES
    assert words["perplexities"].format(each=f"{words['none']} ∞ · ") in shown, "nothing smoothed, infinite perplexity"
    for beginning in ("guesses", "longest", "in_training", "fingerprints", "learnt"):
        assert words[beginning].split("{")[0] in shown, beginning
    assert words["left_meadow"] not in shown


def test_a_text_that_leaves_meadow_silences_the_truth_alone():
    text = "The penguin near the tree"
    page = uncovered("en", **{"language_models.side_by_side_text": text, "language_models.looked_up_text": text})
    words, shown = read("language_models", "en").labels, said(page)
    assert words["left_meadow"] in shown and words["strangers"].format(words="penguin") in shown
    assert words["not_in_training"] in shown
    assert {"side_by_side_next", "looked_up_times"} <= drawn(page)


HOSTILE = (
    "",
    "x",
    "<b>$x^2$</b> `a` " * 500,
    "\u202eabc\u0000",
    "\u05d0\u05d1 \u0e44\u0e17\u0e22 \U0001f468\u200d\U0001f469. " * 8,
)


def test_any_text_of_a_learner_is_counted_or_answered_with_a_sentence():
    link = {f"language_models.{name}_source": "own" for name in ("smoothing", "states", "trellis")}
    page = open_page("language_models", lang="en", **link)
    for text in (*HOSTILE, "word " * 20_000):
        page.text_area(key="language_models.counting_text").set_value(text).run()
        shown = said(page)
        assert not page.exception, text[:20]
        assert ui_text("en")["errors.demo"] not in shown and ui_text("en")["errors.unexpected"] not in shown, text[:20]


@pytest.mark.parametrize("way", ["add_k", "kneser_ney"])
def test_every_smoothing_has_its_formula(way):
    page = open_page("language_models", lang="en", **{"language_models.counting_way": way})
    assert not page.exception and "counting_next" in drawn(page)
    assert any("P = " in latex.value for latex in page.latex)
