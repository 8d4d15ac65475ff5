"""The card of the shipped meadow-bert: the measuring program, run again on fewer texts, says the same."""

import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.random import default_rng

from model_utils import catalogue, load, trace
from model_utils.meadow import is_meadow, masked_word_probabilities
from model_utils.next_sentence import next_sentence
from model_utils.training import meadow_bert, meadow_bert_card, meadow_bert_rows
from model_utils.training.masked_network import opened
from model_utils.training.masked_truth import Blanks, compare

FOLDER = Path(__file__).parents[2] / "model_utils" / "weights" / "meadow-bert"
ACCURACY, GAP, DISTANCE = 0.03, 0.18, 0.08
FOLLOWS = [
    ("Anna is a nurse.", "She works in a hospital.", "It is under the chair."),
    ("The key is in the box. Where is the key?", "It is in the box.", "The story was wonderful."),
    ("Tom said: the king saw the red ball.", "Again: the king saw the red ball.", "She works in a hospital."),
    ("The dogs near the tree are hungry.", "They are sleeping.", "Tomorrow is Tuesday."),
    ("Today is Monday.", "Tomorrow is Tuesday.", "They are sleeping."),
]


@cache
def card() -> dict[str, Any]:
    return json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))


@cache
def again() -> dict[str, Any]:
    """The first 80 of the texts that the card is about, and 400 of its pairs."""
    torch.set_num_threads(1)
    return meadow_bert_card.measure(FOLDER, documents=80, pairs=400)


def test_the_recipe_in_the_code_is_the_one_on_the_card() -> None:
    training, recipe = card()["training"], asdict(meadow_bert.RECIPE)
    assert {field: training[field] for field in recipe} == recipe
    assert training["seconds"] > 600 and "no GPU" in training["machine"]


def test_the_card_meets_its_bars() -> None:
    measured = card()["measured"]
    assert measured["next_sentence"]["accuracy"] >= 0.95
    for name in ("one_blank", "several_blanks"):
        found = measured[name]
        assert found["gap"] == pytest.approx(found["loss"] - found["best_possible_loss"], abs=2e-4)
        assert found["accuracy"] <= found["best_possible_accuracy"] + 0.01
        assert found["accuracy"] >= found["best_possible_accuracy"] - ACCURACY
        assert 0 < found["gap"] < GAP and found["distance"] < DISTANCE
    assert measured["one_blank"]["places"] > 5000 and measured["next_sentence"]["pairs"] == 2000


def test_measuring_again_agrees_with_the_card() -> None:
    for name in ("one_blank", "several_blanks"):
        now, before = again()[name], card()["measured"][name]
        slack = 4 / now["places"] ** 0.5
        assert now["accuracy"] == pytest.approx(before["accuracy"], abs=slack)
        assert now["best_possible_accuracy"] == pytest.approx(before["best_possible_accuracy"], abs=slack)
        assert now["distance"] == pytest.approx(before["distance"], abs=0.6 * slack)
        assert now["gap"] == pytest.approx(before["gap"], abs=1.5 * slack)
    assert again()["next_sentence"]["accuracy"] == pytest.approx(
        card()["measured"]["next_sentence"]["accuracy"], abs=0.03
    )


def test_the_catalogue_knows_it() -> None:
    model, entry = load("meadow-bert"), catalogue.find("meadow-bert")
    measured = card()["measured"]
    assert entry.parameters == model.parameters == measured["parameters"] == again()["parameters"]
    assert again()["parameters_with_next_sentence"] == sum(p.numel() for p in opened(FOLDER).parameters())
    assert (model.kind, model.max_tokens, entry.reads_meadow) == ("masked", 128, True)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 5_000_000


@pytest.mark.parametrize("text", catalogue.find("meadow-bert").examples)
def test_its_examples_are_meadow_and_filled_nearly_as_the_truth_fills_them(text: str) -> None:
    model = load("meadow-bert")
    run = trace(model, text)
    places = np.flatnonzero(run.token_ids == model.tokenizer.mask_token_id)
    truth = masked_word_probabilities(text)
    assert len(places) == len(truth) == text.count("[MASK]")
    for place, distribution in zip(places, truth, strict=True):
        best = model.vocabulary[int(run.logits[place].argmax())].strip()
        assert distribution.get(best, 0.0) > 0.5 * max(distribution.values())


@pytest.mark.parametrize(("first", "right", "wrong"), FOLLOWS)
def test_it_tells_what_follows(first: str, right: str, wrong: str) -> None:
    assert is_meadow(f"{first} {right}") and not is_meadow(f"{first} {wrong}")
    assert next_sentence("meadow-bert", first, right) > 0.8 > 0.2 > next_sentence("meadow-bert", first, wrong)


def test_the_answer_on_the_card_is_that_of_next_sentence() -> None:
    network, words = opened(FOLDER), meadow_bert_rows.bert_tokenizer()
    for row in list(meadow_bert_rows.pairs(meadow_bert_rows.documents(60, seed=6), default_rng(1)))[:20]:
        first, second = re.split(r"\[SEP\]", words.decode(row.ids.tolist(), skip_special_tokens=False))[:2]
        probability = next_sentence("meadow-bert", first.removeprefix("[CLS]").strip(), second.strip())
        assert meadow_bert_card.answer(network, row) == (0 if probability > 0.5 else 1)


def test_blanks_are_compared_place_by_place() -> None:
    words = ("The", "capital", "of", "France", "is", "Paris", ".")
    found = compare(opened(FOLDER), [(words, (3,)), (words, (3, 5))])
    assert found.truth[0] == 0.0 and found.truth_best[0] == found.came[0]
    assert found.truth[1].item() == found.truth[2].item() > 3  # all countries are alike
    run = trace(load("meadow-bert"), "The capital of [MASK] is Paris.")
    probs = torch.tensor(run.logits[4]).double().softmax(-1)
    assert found.model[0].item() == pytest.approx(-probs[found.came[0]].log().item(), abs=1e-4)
    assert found.distance[0].item() == pytest.approx(1 - probs[found.came[0]].item(), abs=1e-5)


def test_figures_on_numbers_made_by_hand() -> None:
    halves = torch.full((4,), 0.5, dtype=torch.float64)
    blanks = Blanks(
        2 * halves, halves, halves / 5, torch.arange(4), torch.tensor([0, 1, 9, 9]), torch.tensor([0, 1, 2, 9])
    )
    assert meadow_bert_card.figures(blanks) == {
        "places": 4, "accuracy": 0.5, "best_possible_accuracy": 0.75,
        "loss": 1.0, "best_possible_loss": 0.5, "gap": 0.5, "distance": 0.1,
    }  # fmt: skip


def test_a_head_finds_the_subject_across_the_distractor() -> None:
    """From the blank of the verb to its noun; the first text shows this head."""
    entry = catalogue.find("meadow-bert")
    layer, head = entry.first_head
    run = trace(load("meadow-bert"), entry.first_text)
    weights = run.attentions[layer].attn_weights[head]
    assert weights[run.tokens.index("[MASK]"), run.tokens.index(" dogs")] > 0.9
