"""The first screen: what is kept for it is what the model gives, and it shows itself with zero clicks."""

import sys

import numpy as np
import pytest

from lessons import LANGUAGES
from model_utils import catalogue, load, trace
from model_utils.decoding import next_token_distribution, top
from tests.pages.course import open_page, said

first_look = sys.modules["pages.ui.first_look"]  # the name in pages.ui is the function
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_the_kept_pass_is_the_models_own(language):
    card = catalogue.opening(language)
    kept = first_look._kept(card.id)
    model = load(card.id)
    run = trace(model, card.first_text)
    np.testing.assert_allclose(kept.run.logits, run.logits, atol=1e-3)
    for stored, live in zip(kept.run.attentions, run.attentions, strict=True):
        np.testing.assert_allclose(stored.attn_weights, live.attn_weights, atol=1e-4)
    expected = top(next_token_distribution(run.logits[-1]), model.vocabulary, first_look.SHOWN)
    assert [token for token, _ in kept.next_words] == [token for token, _, _ in expected]
    np.testing.assert_allclose([p for _, p in kept.next_words], [p for _, p, _ in expected], atol=1e-4)


@every_language
def test_the_first_screen_draws_the_arcs_with_zero_clicks(language):
    card = catalogue.opening(language)
    page = open_page(lang=language)
    assert not page.exception
    assert page.text_input(key="home.text").value == card.first_text
    assert f"{card.id} · " in said(page)
    assert card.one_line[language] in said(page)
