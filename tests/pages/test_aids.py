"""Help beside a text: the surprise is the model's own, and what is offered fits the text."""

import numpy as np
import pytest
import torch

from model_utils import load, trace
from pages.ui.aids import is_meadow, is_strange, surprises
from tests.pages.course import open_page, said

ORDINARY = "The old woman opened the door and looked out at the children."
STRANGE = "Bitcoin blockchain servers tokenize API endpoints asynchronously"


@pytest.fixture(scope="module")
def model():
    return load("storybook-gpt")


def test_surprise_is_the_models_own_cross_entropy_in_bits(model):
    run = trace(model, ORDINARY)
    ids = torch.tensor(run.token_ids)[None]
    with torch.inference_mode():
        logits = model.network(input_ids=ids).logits[0, :-1]
    nats = torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none")
    found = surprises(run)
    assert np.isnan(found[0]) and len(found) == len(run.tokens)
    np.testing.assert_allclose(found[1:], nats.numpy() / np.log(2), rtol=1e-4)


def test_what_the_model_has_read_is_not_strange_and_what_it_cannot_know_is(model):
    assert not is_strange(surprises(trace(model, ORDINARY)))
    assert is_strange(surprises(trace(model, STRANGE)))
    assert not is_strange(np.array([np.nan]))


def test_a_meadow_sentence_is_known_as_one():
    assert is_meadow("The dogs near the tree are")
    assert not is_meadow("The") and not is_meadow(ORDINARY)


def test_the_truth_is_offered_for_meadow_and_one_press_brings_it():
    link = {"lang": "en", "attention.whole_map_text": "The dogs near the tree are"}
    page = open_page("attention", **link)
    key = "attention.whole_map_model"
    assert page.selectbox(key=key).value == "storybook-gpt"
    page.button(key=f"{key}.truth").click().run()
    assert page.selectbox(key=key).value == "meadow-gpt"


def test_a_strange_text_is_marked_and_a_wider_model_offered_with_its_size():
    page = open_page("attention", **{"lang": "en", "attention.whole_map_text": STRANGE})
    assert "has hardly read such text" in said(page)
    assert "500 MB" in page.button(key="attention.whole_map_model.wider").label
