"""The sampler: what Python sends to the browser, what it believes of what comes back, and the rules of its scripts."""

import base64
import json
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import LANGUAGES, ui_text
from pages.ui.bundle import bundle
from pages.ui.sampler import ARITHMETIC, FILES, HERE, NAMED, packed, read_settings
from tests.pages.course import of_script
from tests.pages.trees import logits_of, vocabulary_of

OWN = tuple(path for path in FILES if path.parent == HERE)


def test_the_logits_arrive_as_they_are_with_the_names_of_the_likeliest():
    logits, vocabulary = logits_of(3000), vocabulary_of(3000)
    sent = packed(logits, vocabulary, {"word40": 0.75, "nowhere": 0.25})
    assert np.array_equal(np.frombuffer(base64.b64decode(sent["logits"]), "<f4"), logits)
    assert len(sent["ids"]) == len(sent["tokens"]) == NAMED
    assert logits[sent["ids"]].min() >= np.delete(logits, sent["ids"]).max()
    assert sent["tokens"] == [vocabulary[one] for one in sent["ids"]]
    assert sent["truth"] == [(40, 0.75)]
    assert packed(logits, vocabulary, None)["truth"] is None


@pytest.mark.parametrize("text", ["1_0_1_0", "0.1_1_0.05_0.5", "3_50257_1_0.02", "0.85_40_0.95_0"])
def test_settings_of_the_sliders_are_read(text):
    assert read_settings(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "0_0_1_0", "9_0_1_0", "1_0_0_0", "1_0_1_0.6", "1_-1_1_0", "nan_0_1_0", "1_0_1.5_0", "1e9_0_1_0", 7, None],
)
def test_other_settings_are_not(text):
    assert read_settings(text) is None


@settings(deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"\d+(\.\d+)?(_\d+(\.\d+)?){3}", fullmatch=True), st.integers()))
def test_whatever_comes_back_is_settings_or_nothing(said):
    assert read_settings(said) in (said, None)


def script():
    from types import SimpleNamespace

    import streamlit as st

    from pages import ui
    from tests.pages.trees import logits_of, vocabulary_of

    ui.sampler(SimpleNamespace(slug="test", language="en"), "s", logits_of(), vocabulary_of(), None, seed=3)
    st.text(st.session_state["test.s"])


def test_a_link_is_followed_or_forgiven():
    page = of_script(script)
    page.query_params["test.s"] = "0.5_10_0.9_0"
    assert page.run().text[-1].value == "0.5_10_0.9_0"
    (component,) = page.get("bidi_component")
    assert json.loads(component.proto.json)["seed"] == 3
    page = of_script(script)
    page.query_params["test.s"] = "99_0_1_0"
    assert not page.run().exception
    assert "99_0_1_0" in page.text[0].value and ui_text("en")["sampler.unchanged"] in page.text[0].value
    assert page.text[-1].value == "1_0_1_0" and "test.s" not in page.query_params


def test_the_arithmetic_that_ran_is_shown():
    assert of_script(script).run().code[0].value == ARITHMETIC
    assert re.sub(r"^export ", "", ARITHMETIC, flags=re.MULTILINE) in bundle(*FILES)


def test_names_at_the_top_of_the_files_differ():
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", bundle(*FILES), re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert len(re.findall(r"^export ", bundle(*FILES), re.MULTILINE)) == 1
    assert set(OWN) == set(HERE.glob("*.js"))


def test_no_script_turns_text_into_markup_or_reaches_out():
    code = re.sub(r"//.*", "", bundle(*OWN))
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "http"):
        assert forbidden not in code
    assert all(len(path.read_text(encoding="utf-8").splitlines()) < 160 for path in OWN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_the_scripts_ask_for_exists(language):
    asked = set(re.findall(r"\bwords\.(\w+)", "\n".join(path.read_text(encoding="utf-8") for path in OWN)))
    there = {key.removeprefix("sampler.") for key in ui_text(language) if key.startswith("sampler.")}
    assert asked | {"unchanged"} == there
