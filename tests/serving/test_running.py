"""traced: the value, or one sentence drawn as plain text; the wait in sight; nobody's ticket left behind."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import model_utils
from lessons import ui_text
from model_utils import queueing
from model_utils.errors import ModelError
from model_utils.queueing import Lane
from pages.ui import running


@dataclass(frozen=True, eq=False)
class Network:
    """Stands for a Model."""

    id: str
    vocabulary: tuple[str, ...] = ("a", "b")


@dataclass(frozen=True, eq=False)
class Run:
    """Stands for a Trace."""

    text: str
    logits: np.ndarray


def page():
    import streamlit as st

    from pages.ui import running

    run = running.traced(st.session_state["model"], st.session_state["text"])
    st.write("nothing" if run is None else f"ran {run.text}")
    st.write("the page goes on")


@pytest.fixture
def desk(monkeypatch):
    opened = queueing.open_desk({"forward": Lane(1, 3), "load": Lane(1, 3)}, bytes_kept=1_000_000)
    monkeypatch.setattr(running, "desk", lambda: opened)
    monkeypatch.setattr(running, "freeze", lambda: None)
    running._held().clear()
    yield opened
    queueing.close(opened)
    running._held().clear()


@pytest.fixture
def models(monkeypatch):
    """Stand-ins for load and trace; the list says what was computed."""
    computed = []

    def load(model_id, progress=None):
        computed.append(f"load {model_id}")
        if "/" in model_id:
            raise ModelError("unknown_model", model=model_id)
        return Network(model_id)

    def trace(model, text, interventions=(), target_text=None):
        computed.append(f"trace {text}")
        if text == "bug":
            raise ZeroDivisionError("inside")
        return Run(text, np.zeros(10, np.float32))

    monkeypatch.setitem(model_utils.__dict__, "load", load)
    monkeypatch.setitem(model_utils.__dict__, "trace", trace)
    return computed


def visit(model="toy", text="hello", language="en"):
    test = AppTest.from_function(page, default_timeout=20)
    test.session_state["model"], test.session_state["text"] = model, text
    test.query_params["lang"] = language
    return test.run()


def said(test):
    assert not test.exception
    assert test.markdown[-1].value == "the page goes on"
    return [element.value for element in test.text]


def test_the_value_comes_back_and_is_computed_once(desk, models):
    for _ in range(2):
        test = visit()
        assert test.markdown[0].value == "ran hello"
        assert said(test) == []
    assert models.count("trace hello") == 1
    assert desk.asked == {}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", ["", "   "])
def test_no_text_is_one_sentence_and_no_model(desk, models, language, text):
    assert said(visit(text=text, language=language)) == [ui_text(language)["errors.empty_text"]]
    assert models == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hostile_model_id_is_repeated_as_plain_text(desk, models, language):
    hostile = "a/</script><img src=x onerror=alert(1)> ![x](http://example.com/x.png)"
    test = visit(model=hostile, language=language)
    (sentence,) = said(test)
    assert "<img src=x onerror" in sentence
    assert all("<img" not in block.value for block in test.markdown)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bug_is_a_sentence_for_the_learner_and_a_line_in_the_log(desk, models, language, caplog):
    assert said(visit(text="bug", language=language)) == [ui_text(language)["errors.unexpected"]]
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in said(visit(text="bug", language=language))[0]
    assert said(visit(text="fine")) == [], "an error is not kept and the desk lives on"


def test_a_full_desk_says_how_many_wait(desk, models):
    go = threading.Event()
    begun = threading.Event()
    visit(text="loads the model")

    def work(report):
        begun.set()
        go.wait(10)

    queueing.ask(desk, "held", work, "forward")
    assert begun.wait(5)
    for number in range(3):
        queueing.ask(desk, number, lambda report: None, "forward")
    assert said(visit()) == [ui_text("en")["errors.busy"].replace("{waiting}", "3")]
    go.set()


def test_the_place_in_line_is_drawn_while_waiting_and_the_ticket_given_back(desk, models, monkeypatch):
    monkeypatch.setattr(running, "QUIET", 0.01)
    monkeypatch.setattr(running, "LOOK", 0.01)
    visit(text="loads the model")
    go, begun, drawn = threading.Event(), threading.Event(), []

    def work(report):
        begun.set()
        go.wait(10)

    queueing.ask(desk, "held", work, "forward")
    assert begun.wait(5)
    queueing.ask(desk, "before", lambda report: None, "forward")
    show = running._show_wait

    def watched(slot, ticket):
        show(slot, ticket)
        drawn.append(queueing.place(ticket))
        go.set()

    monkeypatch.setattr(running, "_show_wait", watched)
    test = visit(text="patient")
    assert test.markdown[0].value == "ran patient"
    assert said(test) == [], "the place is gone once the answer is there"
    assert drawn[0] == 2
    assert desk.asked == {}
