"""meadow-rnn: as large as meadow-gpt, trained on the same documents, and its card measured again."""

import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model_utils import load, trace
from model_utils.meadow import sample_documents
from model_utils.recurrent import states
from model_utils.training import corpus, meadow_gpt, meadow_rnn, meadow_rnn_card
from model_utils.training.models import MODELS

WEIGHTS = Path(__file__).parents[2] / "model_utils" / "weights"
FOLDER = WEIGHTS / "meadow-rnn"


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    return json.loads((FOLDER / "card.json").read_text())


@pytest.fixture(scope="module")
def again() -> dict[str, Any]:
    """The same measurement on the first 200 of the documents that the card is about."""
    torch.set_num_threads(1)
    return meadow_rnn_card.measure(FOLDER, 200)


def test_it_is_as_large_as_meadow_gpt_and_meets_the_same_documents(card: dict[str, Any]) -> None:
    measured = card["measured"]
    assert measured["parameters"] == pytest.approx(measured["beside"]["meadow-gpt"]["parameters"], rel=0.03)
    assert meadow_rnn.RECIPE.data_seed == meadow_gpt.RECIPE.data_seed
    theirs = islice(corpus.batches(meadow_gpt.RECIPE.data_seed, 128), 2)
    work = meadow_rnn.prepare(meadow_rnn.RECIPE)
    for batch, other in zip(work.batches(0), theirs, strict=False):
        np.testing.assert_array_equal(batch, other)
    assert card["training"]["tokens"] == measured["beside"]["meadow-gpt"]["training_tokens"]


def test_the_recipe_in_the_code_is_the_one_on_the_card(card: dict[str, Any]) -> None:
    recipe = asdict(MODELS["meadow-rnn"].recipe)
    assert {field: card["training"][field] for field in recipe} == recipe
    assert "no GPU" in card["training"]["machine"]


def test_what_stands_beside_it_is_what_the_other_card_says(card: dict[str, Any]) -> None:
    other = json.loads((WEIGHTS / "meadow-gpt" / "card.json").read_text())
    beside = card["measured"]["beside"]["meadow-gpt"]
    assert beside["training_tokens"] == other["training"]["tokens"]
    assert all(value == other["measured"][name] for name, value in beside.items() if name != "training_tokens")
    assert beside["documents"] == card["measured"]["documents"] and beside["entropy"] == card["measured"]["entropy"]


def test_it_learnt_meadow_but_not_to_look_back(card: dict[str, Any]) -> None:
    """Lists of random words, said again: one state of fixed size does not hold them, attention looks them up."""
    measured, other = card["measured"], card["measured"]["beside"]["meadow-gpt"]
    assert measured["held_out_loss"] - measured["entropy"] == pytest.approx(measured["gap"], abs=2e-4)
    assert 0.02 < other["gap"] + 0.02 < measured["gap"] <= 0.1
    able = ("agreement", "capitals", "copying", "pronouns", "sentiment")
    assert all(measured["accuracy"][name]["accuracy"] >= 0.97 for name in able)
    assert measured["accuracy"]["induction"]["accuracy"] < 0.6 < other["accuracy"]["induction"]["accuracy"]
    assert all(speed > 100 for speed in measured["tokens_a_second"].values())


def test_measuring_again_agrees_with_the_card(card: dict[str, Any], again: dict[str, Any]) -> None:
    measured = card["measured"]
    assert again["parameters"] == measured["parameters"]
    assert again["gap"] == pytest.approx(measured["gap"], abs=0.03)
    assert again["distance"] == pytest.approx(measured["distance"], abs=0.03)
    for name in ("agreement", "capitals", "copying", "induction", "pronouns"):
        assert again["accuracy"][name]["accuracy"] == pytest.approx(measured["accuracy"][name]["accuracy"], abs=0.08)


def test_its_gates_can_be_looked_at() -> None:
    model = load("meadow-rnn")
    for document in sample_documents(3, seed=8):
        run = trace(model, document.english)
        inside = states(model.network, run.token_ids.tolist())
        np.testing.assert_allclose(inside.h, run.hidden_states[1:], atol=1e-5)


def test_a_newborn_one_remembers() -> None:
    network = meadow_rnn.newborn(32, 300, seed=0)
    inside = states(network, [5, 9, 3])
    assert inside.kept.mean() > 0.65 > inside.written.mean()


def test_speed_is_tokens_over_processor_time() -> None:
    work = meadow_rnn.prepare(meadow_rnn.RECIPE, width=16)
    assert meadow_rnn_card.speed(work, updates=2) > 500
