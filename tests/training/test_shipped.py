"""The models of real text as they are shipped: the bars that their cards meet, and the figures measured again.

The held-out text is not in the repository. Where it is at hand, CLEARHEAD_TEXTS names its folder (docs/texts.md) and
its surprisals are measured again; elsewhere the lines of our own writing are.
"""

import json
import os
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model_utils.training import held_out, poem_card, poem_forms, storybook_card
from model_utils.training.models import MODELS
from model_utils.training.sampling import draw
from model_utils.training.shipped import opened, words_of
from model_utils.training.surprise import surprisals
from tests.training.own import VERSES

WEIGHTS = Path(__file__).parents[2] / "model_utils" / "weights"
NAMES = ("storybook-gpt", "poem-gpt")
both = pytest.mark.parametrize("name", NAMES)


@cache
def _json(name: str, file: str) -> dict[str, Any]:
    return json.loads((WEIGHTS / name / file).read_text(encoding="utf-8"))


def _measured(name: str) -> dict[str, Any]:
    return _json(name, "card.json")["measured"]


def _losses(line: dict[str, Any]) -> np.ndarray:
    return np.array([float(loss) for loss in line["losses"].split()])


@both
def test_the_recipe_in_the_code_is_the_one_on_the_card(name: str) -> None:
    training, recipe = _json(name, "card.json")["training"], asdict(MODELS[name].recipe)
    assert {field: training[field] for field in recipe} == recipe
    assert training["seconds"] > 600 and "no GPU" in training["machine"]


def test_the_cards_meet_their_bars() -> None:
    story, poem = map(_measured, NAMES)
    assert story["bits_per_character"] <= 1.45
    assert story["bits_per_character"] < story["kneser_ney_bits_per_character"] - 0.08
    assert poem["nats_per_character"] <= 4.60
    assert poem["nats_per_character"] < poem["kneser_ney_nats_per_character"] - 0.25
    for form in ("five", "seven"):
        kept = poem["keeps_form"][form]
        assert kept["poems"] == 200
        assert kept["asked_0.8"] >= 0.95


@both
def test_units_agree_with_each_other(name: str) -> None:
    measured = _measured(name)
    for by in ("", "kneser_ney_"):
        nats = measured[f"{by}nats_per_character"] * measured["held_out_characters"]
        assert measured[f"{by}bits_per_character"] == pytest.approx(
            measured[f"{by}nats_per_character"] / np.log(2), abs=2e-4
        )
        assert np.log(measured[f"{by}perplexity_per_token"]) == pytest.approx(
            nats / measured["held_out_tokens"], abs=1e-3
        )


@both
def test_our_own_lines_are_as_surprising_as_when_the_card_was_written(name: str) -> None:
    network, words, own = opened(WEIGHTS / name), words_of(WEIGHTS / name), _json(name, "held_out.json")["own"]
    assert len(own) == 8
    encoded = [np.array([*words.encode(line["text"]).ids, 0]) for line in own]
    for line, losses in zip(own, surprisals(network, encoded), strict=True):
        np.testing.assert_allclose(losses, _losses(line), atol=0.01)
    figure = _measured(name)["nats_per_character"]
    ours = sum(_losses(line).sum() for line in own) / sum(line["characters"] for line in own)
    assert 0.65 < ours / figure < 1.05  # they are plainer than what the models read


@both
def test_the_held_out_samples_agree_with_the_card(name: str) -> None:
    unseen = _json(name, "held_out.json")["held_out"]
    assert all(set(line) == {"sha256", "characters", "losses"} for line in unseen)
    nats = sum(_losses(line).sum() for line in unseen) / sum(line["characters"] for line in unseen)
    assert nats == pytest.approx(_measured(name)["nats_per_character"], rel=0.08)


@both
@pytest.mark.skipif("CLEARHEAD_TEXTS" not in os.environ, reason="the held-out texts are not here: docs/texts.md")
def test_the_held_out_samples_measured_again(name: str) -> None:
    card = {"storybook-gpt": storybook_card, "poem-gpt": poem_card}[name]
    again = card.kept_losses(WEIGHTS / name, MODELS[name].read(Path(os.environ["CLEARHEAD_TEXTS"])))
    for before, after in zip(_json(name, "held_out.json")["held_out"], again["held_out"], strict=True):
        assert (before["sha256"], before["characters"]) == (after["sha256"], after["characters"])
        np.testing.assert_allclose(_losses(after), _losses(before), atol=0.01)


def test_openings_are_followed_by_the_right_part_of_speech() -> None:
    folder = WEIGHTS / "storybook-gpt"
    network, words = opened(folder), words_of(folder)
    for opening, right in storybook_card.openings().items():
        again, before = (
            storybook_card.after(network, words, opening, right),
            _measured("storybook-gpt")["after"][opening],
        )
        assert again["right"] + again["wrong"] + again["in_no_list"] == pytest.approx(1.0, abs=1e-3)
        assert again["right"] == pytest.approx(before["right"], abs=0.005)
        assert again["right"] > 5 * again["wrong"]
        assert again["right"] > 0.5


def test_poems_begun_by_us_are_finished_in_their_form() -> None:
    folder = WEIGHTS / "poem-gpt"
    network, words = opened(folder), words_of(folder)
    for form, length, verses in (("five", 5, VERSES[:3]), ("seven", 7, VERSES[3:6])):
        prompts = [poem_forms.controls()[form] + poem.text[: length + 1] for poem in verses for _ in range(10)]
        whole = poem_card.continued(network, words, prompts, 0.8)
        assert np.mean([poem_card.keeps(text, length) for text in whole]) >= 0.9
        assert len(set(whole)) > 20


def test_four_lines_asked_for_are_four_lines() -> None:
    folder = WEIGHTS / "poem-gpt"
    asked, words = poem_forms.controls(), words_of(folder)
    for form, length in (("five", 5), ("seven", 7)):
        prompt = words.encode(asked[form] + asked["4"]).ids
        texts = [words.decode(ids) for ids in draw(opened(folder), [prompt] * 20, 0.8, end=0, seed=2)]
        shapes = [[len(line) for line in poem_forms.lines_of(text)] for text in texts]
        assert np.mean([shape == [length] * 4 for shape in shapes]) >= 0.9


def test_no_head_looks_at_the_same_place_in_the_line_before_but_one_at_the_place_to_be_written() -> None:
    found = _measured("poem-gpt")["line_before"]
    for form, share in (("five", 0.3), ("seven", 0.15)):
        assert found[form]["poems"] > 100
        assert found[form]["highest"]["same_place"] < 0.1
        assert found[form]["scores"]["place_to_be_written"][2][1] > share


def test_places_in_the_line_before_are_counted_without_the_marks() -> None:
    """Lines of five: END, then c1 to c5 and a mark, again and again; c2 and c3 have two characters after them."""
    back = poem_card._back(torch.zeros(1, 25), steps=6, length=5)[0].tolist()
    assert {place: to for place, to in enumerate(back) if to >= 0} == {8: 2, 9: 3, 14: 8, 15: 9, 20: 14, 21: 15}


def test_what_the_line_before_gets_is_measured_again_on_verses_of_our_own() -> None:
    folder = WEIGHTS / "poem-gpt"
    again = poem_card.line_before(opened(folder), words_of(folder), VERSES)
    for form, share in (("five", 0.25), ("seven", 0.12)):
        assert again[form]["poems"] == 3
        assert again[form]["scores"]["place_to_be_written"][2][1] > share


@both
def test_the_files_are_small_and_hold_no_text_of_others(name: str) -> None:
    limit = {"storybook-gpt": 20e6, "poem-gpt": 15e6}[name]
    assert sum(path.stat().st_size for path in (WEIGHTS / name).rglob("*") if path.is_file()) < limit
    assert {path.suffix for path in (WEIGHTS / name).iterdir()} <= {".json", ".safetensors", ".npz"}
    assert {line["text"] for line in _json(name, "held_out.json")["own"]} <= _own()


def _own() -> set[str]:
    return {*held_out.own_lines("english"), *(text for _, text in held_out.own_lines("chinese"))}
