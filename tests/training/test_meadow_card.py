"""The card of the shipped meadow-gpt: the measuring program, run again on the shipped weights, says the same."""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from model_utils.meadow import log_probability, next_word_probabilities, sample_documents
from model_utils.training.fitting import fit, load_checkpoint
from model_utils.training.meadow_card import accuracy, closeness, measure
from model_utils.training.meadow_gpt import RECIPE, SHAPE, checkpoint_steps, prepare
from model_utils.training.network import half_weights, newborn
from model_utils.training.truth import Comparison, compare, true_distributions, word_id

FOLDER = Path(__file__).parents[2] / "model_utils" / "weights" / "meadow-gpt"
BARS = ("agreement", "capitals", "copying", "induction", "pronouns")


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    return json.loads((FOLDER / "card.json").read_text())


@pytest.fixture(scope="module")
def again() -> dict[str, Any]:
    """The same measurement on fewer documents: the first 200 of those that the card is about."""
    torch.set_num_threads(1)
    return measure(FOLDER, 200)


def test_the_card_meets_what_the_course_promises(card: dict[str, Any]) -> None:
    measured = card["measured"]
    assert measured["gap"] <= 0.06
    assert measured["held_out_loss"] - measured["entropy"] == pytest.approx(measured["gap"], abs=2e-4)
    assert all(measured["accuracy"][name]["accuracy"] >= 0.97 for name in BARS), measured["accuracy"]
    assert all(measured["accuracy"][name]["places"] >= 50 for name in BARS)
    assert 1.0e6 <= measured["parameters"] <= 1.3e6


def test_measuring_again_agrees_with_the_card(card: dict[str, Any], again: dict[str, Any]) -> None:
    measured = card["measured"]
    assert again["parameters"] == measured["parameters"]
    assert again["gap"] == pytest.approx(measured["gap"], abs=0.02)
    assert again["distance"] == pytest.approx(measured["distance"], abs=0.02)
    assert again["entropy"] == pytest.approx(measured["entropy"], abs=0.1)
    for name in BARS:
        assert again["accuracy"][name]["accuracy"] == pytest.approx(measured["accuracy"][name]["accuracy"], abs=0.04)


def test_head_scores_are_those_on_the_card(card: dict[str, Any], again: dict[str, Any]) -> None:
    for name, table in card["measured"]["heads"]["scores"].items():
        torch.testing.assert_close(
            torch.tensor(again["heads"]["scores"][name]), torch.tensor(table), atol=2e-3, rtol=0.0
        )


def test_there_are_previous_token_and_induction_heads(card: dict[str, Any]) -> None:
    assert card["measured"]["heads"]["listed"]["previous_token"]
    assert card["measured"]["heads"]["listed"]["induction"]


def test_sixteen_moments_in_less_than_forty_megabytes(card: dict[str, Any]) -> None:
    kept = sorted(path.name for path in (FOLDER / "checkpoints").iterdir())
    assert kept == [f"step-{step:06d}.safetensors" for step in checkpoint_steps(card["training"]["steps"])]
    assert len(kept) + 1 == 16
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 40_000_000


def test_the_first_checkpoint_is_the_seeded_newborn(card: dict[str, Any]) -> None:
    kept = load_checkpoint(FOLDER, 0)
    born = half_weights(newborn(SHAPE, kept["transformer.wte.weight"].shape[0], card["training"]["seed"]))
    assert kept.keys() == born.keys()
    for name in born:
        torch.testing.assert_close(kept[name], born[name], atol=0.0, rtol=0.0)


@pytest.mark.slow
def test_training_again_takes_the_first_ten_steps_of_the_shipped_model(tmp_path: Path) -> None:
    with closing(fit(tmp_path, RECIPE, prepare(RECIPE))) as run:
        assert [next(run).step for _ in range(10)] == list(range(1, 11))
    again, shipped = load_checkpoint(tmp_path, 10), load_checkpoint(FOLDER, 10)
    for name in shipped:  # equal to the last bit on the processor that trained it; others round otherwise
        torch.testing.assert_close(again[name], shipped[name], atol=5e-3, rtol=0.0)


def test_the_recipe_in_the_code_is_the_one_on_the_card(card: dict[str, Any]) -> None:
    assert {name: card["training"][name] for name in asdict(RECIPE)} == asdict(RECIPE)


def test_true_distributions_are_those_of_the_grammar() -> None:
    words = ("The", "capital", "of", "France", "is", "Paris", ".")
    table = true_distributions(words, 2000)
    torch.testing.assert_close(table.sum(1), torch.ones(8, dtype=torch.float64))
    assert table[5, word_id("Paris")] == 1.0
    for word, probability in next_word_probabilities("The capital of").items():
        assert table[3, word_id(word)].item() == probability


def test_the_surprisals_of_a_document_add_up_to_its_probability() -> None:
    network = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float32).eval()
    for document in sample_documents(5, seed=8):
        one = compare(network, document.words)
        assert -one.truth.sum().item() == pytest.approx(log_probability(document.english))
        token_ids = torch.tensor([[0, *map(word_id, document.words), 0]])
        loss = network(input_ids=token_ids, labels=token_ids).loss.item()
        assert one.model.mean().item() == pytest.approx(loss, abs=1e-5)


def test_closeness_and_accuracy_on_numbers_made_by_hand() -> None:
    one = Comparison(
        words=("The", "capital", "of", "France", "is", "Paris", "."),
        model=torch.full((8,), 0.5, dtype=torch.float64),
        truth=torch.tensor([0.4, 0.4, 0.4, 0.4, 0.0, 0.0, 0.0, 0.4], dtype=torch.float64),
        distance=torch.linspace(0.0, 0.7, 8, dtype=torch.float64),
        model_best=torch.tensor([1, 2, 3, 4, 5, 99, 7, 0]),
        truth_best=torch.tensor([1, 2, 3, 4, 5, 6, 7, 0]),
    )
    document = type("Told", (), {"kind": "capitals", "words": one.words})
    near = closeness([one])
    assert (near["held_out_loss"], near["entropy"], near["gap"], near["distance"]) == (0.5, 0.25, 0.25, 0.35)
    assert accuracy([document], [one])["capitals"] == {"places": 1, "accuracy": 0.0}
