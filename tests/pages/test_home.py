"""The first screen: what is kept for it is what the model gives, and it shows itself with zero clicks."""

import sys

import numpy as np

from model_utils import load, trace
from model_utils.decoding import next_token_distribution, top
from model_utils.first_trace import FIRST_TEXT, vocabulary
from tests.pages.course import open_page, said

first_look = sys.modules["pages.ui.first_look"]  # the name in pages.ui is the function


def test_the_kept_pass_is_the_models_own():
    kept = first_look._kept()
    model = load("meadow-gpt")
    run = trace(model, FIRST_TEXT)
    np.testing.assert_allclose(kept.run.logits, run.logits, atol=1e-4)
    for stored, live in zip(kept.run.attentions, run.attentions, strict=True):
        np.testing.assert_allclose(stored.attn_weights, live.attn_weights, atol=1e-5)
    expected = top(next_token_distribution(run.logits[-1]), model.vocabulary, first_look.SHOWN)
    assert [token for token, _ in kept.next_words] == [token for token, _, _ in expected]
    np.testing.assert_allclose([p for _, p in kept.next_words], [p for _, p, _ in expected], atol=1e-5)


def test_words_are_read_from_the_tokenizers_file_as_from_the_model():
    model = load("meadow-gpt")
    read = vocabulary()
    assert len(read) == len(model.vocabulary)
    words = [(stored, live) for stored, live in zip(read, model.vocabulary, strict=True) if live.strip().isalpha()]
    assert len(words) > 600 and all(stored == live for stored, live in words)


def test_the_first_screen_draws_the_arcs_with_zero_clicks():
    page = open_page(lang="zh")
    assert not page.exception
    assert page.text_input(key="home.text").value == FIRST_TEXT
    assert "meadow-gpt · " in said(page)
