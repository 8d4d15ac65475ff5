"""Widgets: their value comes from the link, goes back into it, and what a link asks for in vain is told."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from lessons import ui_text
from pages.ui import clean
from pages.ui.controls import TEXT_LIMIT
from tests.pages.course import link_of, of_script


def _demo():
    import streamlit as st

    from pages import ui

    here = ui.Place("page")
    st.session_state["got"] = {
        "layer": ui.slider(here, "layer", "Layer", 1, 6, 2),
        "heat": ui.number(here, "heat", "Heat", 0.0, 2.0, 1.0, step=0.1),
        "mask": ui.switch(here, "mask", "Mask"),
        "side": ui.choice(here, "side", "Side", ["left", "right"], show={"left": "links", "right": "rechts"}.get),
        "text": ui.prompt(here, "text", "meadow-gpt", sentences=["The dogs", "The cats"]),
    }


DEFAULTS = {"layer": 2, "heat": 1.0, "mask": False, "side": "left", "text": "The dogs"}


def opened(**link):
    page = of_script(_demo)
    page.query_params["lang"] = "en"
    for name, value in link.items():
        page.query_params[f"page.{name}"] = value
    return page.run()


def values(page):
    return page.session_state["got"]


def test_without_a_link_everything_is_at_its_default_and_the_link_stays_short():
    page = opened()
    assert not page.exception
    assert values(page) == DEFAULTS
    assert link_of(page) == {}


def test_a_link_reopens_the_view():
    page = opened(layer="5", heat="0.5", mask="true", side="right", text="你好")
    assert values(page) == {"layer": 5, "heat": 0.5, "mask": True, "side": "right", "text": "你好"}
    assert page.text.len == 0


def test_a_change_goes_into_the_link_and_the_default_leaves_it():
    page = opened()
    page.slider(key="page.layer").set_value(6).run()
    page.toggle(key="page.mask").set_value(True).run()
    page.button_group(key="page.side").set_value("right").run()
    assert link_of(page) == {"page.layer": "6", "page.mask": "true", "page.side": "right"}
    page.slider(key="page.layer").set_value(2).run()
    assert link_of(page) == {"page.mask": "true", "page.side": "right"}


def test_an_old_address_sent_with_a_new_value_does_not_take_it_back():
    page = opened(layer="5")
    page.slider(key="page.layer").set_value(6)
    page.query_params["page.layer"] = "5"  # the browser had not yet heard of the change before
    page.run()
    assert values(page)["layer"] == 6


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("layer", "7"), ("layer", "0"), ("layer", "-1"), ("layer", "nan"), ("layer", "1e9"), ("layer", "2.5"),
        ("layer", "9" * 5000), ("layer", ""), ("layer", "</script><b>x"), ("heat", "nan"), ("heat", "inf"),
        ("heat", "-0.1"), ("heat", "2.01"), ("mask", "maybe"), ("side", "up"), ("side", "![](http://x/y.png)"),
    ],
)  # fmt: skip
def test_what_a_link_asks_for_in_vain_is_told_and_the_default_stands(name, asked):
    page = opened(**{name: asked})
    assert not page.exception
    assert values(page)[name] == DEFAULTS[name]
    assert link_of(page) == {}
    told = [text.value for text in page.text]
    assert len(told) == 1 and asked[:20] in told[0] and len(told[0]) < 200
    assert page.markdown.len == 0, "a link's text must never be read as markdown"


def test_the_sentence_goes_once_the_learner_chooses():
    page = opened(layer="7")
    page.toggle(key="page.mask").set_value(True).run()
    assert page.text.len == 1
    page.slider(key="page.layer").set_value(4).run()
    assert page.text.len == 0


def test_the_sentence_is_in_the_learners_language():
    page = of_script(_demo)
    page.query_params["lang"] = "zh"
    page.query_params["page.side"] = "up"
    page.run()
    assert page.text[0].value == ui_text("zh")["controls.forgiven"].format(asked="up", shown="links")


def test_an_example_is_one_click():
    page = opened()
    page.button(key="page.text.example1").click().run()
    assert values(page)["text"] == "The cats"
    assert link_of(page) == {"page.text": "The cats"}


def test_a_long_text_is_cut_and_that_is_said():
    page = opened(text="x " * 5000)
    assert len(values(page)["text"]) <= TEXT_LIMIT
    assert ui_text("en")["controls.cut"].format(limit=TEXT_LIMIT) in [caption.value for caption in page.caption]


def test_an_empty_text_comes_back_empty():
    assert values(opened(text="   "))["text"] == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x1b[31mc", "a b [31mc"), ("a\nb\tc", "a b c"), ("x\ud800y", "x\ufffdy"), ("\u202eabc\u2066", "abc"),
        ("👩‍👩‍👧", "👩‍👩‍👧"), ("שלום", "שלום"), ("</script><b>x", "</script><b>x"), ("  ", ""), ("\ufeffhi", "hi"),
    ],
)  # fmt: skip
def test_clean_takes_only_what_nobody_can_see(typed, kept):
    assert clean(typed) == kept


@given(strategies.text(strategies.characters(exclude_categories=())))
def test_clean_leaves_nothing_invisible_and_is_done_at_once(text):
    cleaned = clean(text)
    assert not {unicodedata.category(letter) for letter in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
    assert clean(cleaned) == cleaned


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.fixed_dictionaries({name: strategies.text(max_size=400) for name in DEFAULTS}))
def test_any_link_at_all_is_forgiven(link):
    page = opened(**link)
    assert not page.exception
    got = values(page)
    assert 1 <= got["layer"] <= 6 and 0 <= got["heat"] <= 2 and got["mask"] in (True, False)
    assert got["side"] in ("left", "right") and len(got["text"]) <= TEXT_LIMIT and clean(got["text"]) == got["text"]
