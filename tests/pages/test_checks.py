"""Checks: nothing is given away before the answer, every answer gets its reason, tasks are graded by the model."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from lessons import reading, ui_text
from tests.pages.course import of_script, said

WORDS = ui_text("en")
FRONT = """+++
order = 21
part = 2
title = "Sample"
question = "Q"
summary = "S"
minutes = 20
misconceptions = [3]
+++
Text.
"""
CHECKS = """
[[check]]
number = 1
kind = "prediction"
demo = "look"
question = { en = "Which one?" }
[[check.option]]
text = { en = "the near one" }
reason = { en = "near is wrong" }
right = false
[[check.option]]
text = { en = "the far one" }
reason = { en = "far is right" }
right = true

[[check]]
number = 2
kind = "quiz"
question = { en = "And now?" }
[[check.option]]
text = { en = "yes" }
reason = { en = "yes because" }
right = true
[[check.option]]
text = { en = "no" }
reason = { en = "no because" }
right = false

[[check]]
number = 3
kind = "task"
question = { en = "Make it Paris" }
goal = { model = "meadow-gpt", start = "The capital of Spain is", word = "Paris", at_least = 0.5, edits = 1 }
hint = { en = "another country" }
praise = { en = "well done" }
"""


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A lesson "sample" with one check of each kind, and a model that knows two capitals."""
    folder = tmp_path / "lessons" / "sample"
    folder.mkdir(parents=True)
    (folder / "en.md").write_text(FRONT, encoding="utf-8")
    (folder / "checks.toml").write_text(CHECKS, encoding="utf-8")
    monkeypatch.setattr(reading, "HERE", tmp_path / "lessons")
    task = sys.modules["pages.ui.task"]
    monkeypatch.setattr(task, "vocabulary_of", lambda model_id: (" Paris", " Madrid"))
    monkeypatch.setattr(task, "traced", _traced)


def _traced(model_id, text):
    paris = 3.0 if "France" in text else -3.0
    return SimpleNamespace(logits=np.array([[0.0, 0.0], [paris, 0.0]], dtype=np.float32)) if text else None


def _page():
    import streamlit as st

    from lessons import read
    from pages.ui.checks import covered, draw_check

    lesson = read("sample", "en")
    for number in (1, 2, 3):
        draw_check(lesson, number)
    if not covered(lesson, "look"):
        st.text("the experiment")


def opened(**link):
    page = of_script(_page)
    page.query_params["lang"] = "en"
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def button(page, key):
    return next(each for each in page.button if each.key == f"sample.{key}")


@pytest.mark.usefixtures("lesson")
class TestPrediction:
    def test_nothing_is_given_away_before_the_answer(self):
        words = said(opened())
        assert "the experiment" not in words and WORDS["checks.covered"] in words
        assert not any(reason in words for reason in ("near is wrong", "far is right", "yes because", "no because"))

    def test_it_cannot_be_locked_in_empty(self):
        assert button(opened(), "check1.commit").disabled

    def test_locked_in_it_uncovers_the_demo_and_shows_both(self):
        page = opened()
        page.radio(key="sample.check1.option").set_value(0).run()
        assert "the experiment" not in said(page)
        button(page, "check1.commit").click().run()
        words = said(page)
        assert "the experiment" in words and WORDS["checks.covered"] not in words
        assert WORDS["checks.you_said"].format(answer="the near one") in words
        assert WORDS["checks.happened"].format(answer="the far one") in words
        assert "near is wrong" in words and "far is right" in words
        assert page.radio(key="sample.check1.option").disabled

    def test_show_me_uncovers_without_a_prediction(self):
        page = opened()
        button(page, "check1.show").click().run()
        words = said(page)
        assert "the experiment" in words and WORDS["checks.no_prediction"] in words

    def test_a_shared_view_of_the_demo_opens_it(self):
        assert "the experiment" in said(opened(**{"sample.look_text": "The dogs"}))
        assert "the experiment" not in said(opened(**{"sample.other": "1"}))


@pytest.mark.usefixtures("lesson")
class TestQuiz:
    def test_a_wrong_answer_gets_its_reason_and_not_the_right_one(self):
        page = opened()
        page.radio(key="sample.check2.option").set_value(1).run()
        button(page, "check2.answer").click().run()
        words = said(page)
        assert WORDS["checks.wrong"] in words and "no because" in words and "yes because" not in words

    def test_a_right_answer_gets_all_the_reasons(self):
        page = opened()
        page.radio(key="sample.check2.option").set_value(0).run()
        button(page, "check2.answer").click().run()
        words = said(page)
        assert WORDS["checks.right"] in words and "no because" in words and "yes because" in words

    def test_it_can_be_tried_again(self):
        page = opened()
        page.radio(key="sample.check2.option").set_value(1).run()
        button(page, "check2.answer").click().run()
        button(page, "check2.retry").click().run()
        assert "no because" not in said(page)
        assert not page.radio(key="sample.check2.option").disabled


@pytest.mark.usefixtures("lesson")
class TestTask:
    def answer(self, text):
        page = opened()
        page.text_input(key="sample.task3").set_value(text)
        next(each for each in page.button if each.label == WORDS["checks.grade"]).click().run()
        assert not page.exception
        return said(page)

    def test_the_model_grades_it(self):
        words = self.answer("The capital of France is")
        assert WORDS["checks.reached"].format(word="Paris", probability="0.953") in words
        assert "well done" in words
        assert WORDS["checks.edits_left"].format(used=1, allowed=1) in words

    def test_not_there_yet(self):
        words = self.answer("The capital of Italy is")
        assert WORDS["checks.not_reached"].format(word="Paris", probability="0.0474", goal=0.5) in words
        assert "well done" not in words

    def test_too_many_words_changed(self):
        words = self.answer("A capital of France is")
        assert WORDS["checks.too_many_edits"].format(used=2, allowed=1) in words and "well done" not in words

    @pytest.mark.parametrize(
        "text", ["", "</script><img src=x onerror=alert(1)>", "![x](http://x/y.png)", "🤔" * 200, "\x00"]
    )
    def test_anything_may_be_typed(self, text):
        words = self.answer(text)
        assert "well done" not in words
