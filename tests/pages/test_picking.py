"""Pickers of layers, heads, words and small tables: from the link, into the link, and never outside what there is."""

import numpy as np
import pytest

from pages.ui.picking import read_table, write_table
from tests.pages.course import link_of, of_script


def _demo():
    from types import SimpleNamespace

    import numpy as np
    import streamlit as st

    from pages import ui

    here = ui.Place("page")
    layers = st.session_state.get("layers", 5)
    run = SimpleNamespace(
        attentions=[SimpleNamespace(attn_weights=np.zeros((4, 3, 3)))] * layers,
        tokens=("<s>", " the", " ![x](y)")[: st.session_state.get("length", 3)],
    )
    st.session_state["query"] = ui.pick_query(here, "one", "Word", run, (3, 1))
    st.session_state["table"] = ui.number_table(here, "toy", ["a", "b"], ["q", "k"], np.eye(2, dtype=np.float32))


def opened(**link):
    page = of_script(_demo)
    page.query_params["lang"] = "en"
    for name, value in link.items():
        page.query_params[f"page.{name}"] = value
    return page.run()


def test_an_untouched_page_has_what_it_was_told_to_show_and_the_last_word():
    page = opened()
    assert not page.exception
    assert page.session_state["query"] == (3, 1, 2) and link_of(page) == {}
    np.testing.assert_array_equal(page.session_state["table"], np.eye(2))


def test_a_smaller_model_or_a_shorter_text_moves_the_choice_inside():
    page = opened()
    page.session_state["layers"], page.session_state["length"] = 2, 1
    page.run()
    assert not page.exception
    layer, head, place = page.session_state["query"]
    assert layer < 2 and head == 1 and place == 0


def test_a_link_reopens_the_choice_and_the_table():
    page = opened(one_layer="1", one_head="3", one_from="0", toy="0.5~-2_3~9")
    assert page.session_state["query"] == (1, 3, 0)
    np.testing.assert_allclose(page.session_state["table"], [[0.5, -2], [3, 9]])
    assert link_of(page) == {
        "page.one_layer": "1",
        "page.one_head": "3",
        "page.one_from": "0",
        "page.toy": "0.5~-2_3~9",
    }


@pytest.mark.parametrize("asked", ["1~2", "nan~0_0~0", "inf~0_0~0", "10~0_0~0", "a~b_c~d", "1~2_3", "²~0_0~0"])
def test_a_table_that_is_none_is_refused(asked):
    assert read_table(asked, (2, 2)) is None
    np.testing.assert_array_equal(opened(toy=asked).session_state["table"], np.eye(2))


@pytest.mark.parametrize("asked", ["-1", "3", "1.5", "²", "x" * 9000, "9" * 5000])
def test_a_word_that_is_not_there_is_refused(asked):
    page = opened(one_from=asked)
    assert not page.exception and page.session_state["query"] == (3, 1, 2)


def test_a_table_survives_its_way_through_a_link():
    numbers = np.array([[0.1, -9.0], [3.0, 1e-9]], dtype=np.float32)
    np.testing.assert_allclose(read_table(write_table(numbers), (2, 2)), numbers, atol=0.05)
