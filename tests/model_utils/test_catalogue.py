"""The catalogue, the lazy package, and the shelf of loaded models."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM

import model_utils
from model_utils import Model, catalogue, load, trace
from model_utils.loading import load as load_itself
from tests.model_utils.families import write


def test_every_card_speaks_both_languages() -> None:
    cards = (*catalogue.embedded(), *catalogue.hub_suggestions())
    assert len({card.id for card in cards}) == len(cards)
    for card in cards:
        for words in (card.title, card.one_line):
            assert set(words) == {"en", "zh"} and all(words.values())
        assert re.search("[\u4e00-\u9fff]", card.one_line["zh"]) and card.one_line["en"].isascii()
        assert catalogue.find(card.id) == card
        assert (catalogue.folder(card) is not None) == card.embedded
    assert catalogue.find("nothing") is None


CAUSAL = tuple(card for card in catalogue.embedded() if card.kind == "causal")


def test_three_causal_models_come_with_the_course_and_a_lesson_opens_on_the_readers_own() -> None:
    assert [card.id for card in CAUSAL] == ["meadow-gpt", "storybook-gpt", "poem-gpt"]
    others = [card for card in catalogue.embedded() if card.kind in ("seq2seq", "recurrent")]
    assert all(card.first_text and 4 <= len(card.examples) <= 6 for card in others)
    assert catalogue.opening("en").id == "storybook-gpt"
    assert catalogue.opening("zh").id == "poem-gpt"


def test_without_the_models_of_real_text_lessons_open_on_meadow(monkeypatch: pytest.MonkeyPatch) -> None:
    meadow = catalogue.find("meadow-gpt")
    monkeypatch.setattr(catalogue, "embedded", lambda: (meadow,))
    assert catalogue.opening("en") == catalogue.opening("zh") == meadow


@pytest.mark.parametrize("card", CAUSAL, ids=lambda card: card.id)
def test_a_causal_model_has_texts_that_suit_it(card: Any) -> None:
    assert card.first_text
    for text in (card.first_text, *card.examples):
        assert bool(re.search("[\u4e00-\u9fff]", text)) == (card.language == "zh")
    if card.reads_meadow:
        assert card.first_text == "The dogs near the tree"
    else:
        assert 4 <= len(card.examples) <= 6 and len(set(card.examples)) == len(card.examples)
        wider = catalogue.find(card.wider)
        assert wider in catalogue.hub_suggestions() and wider.kind == "causal" and wider.language == card.language


@pytest.mark.parametrize("card", CAUSAL, ids=lambda card: card.id)
def test_a_trace_of_a_causal_model_is_its_plain_forward_pass(card: Any) -> None:
    plain = AutoModelForCausalLM.from_pretrained(catalogue.folder(card), attn_implementation="eager").eval()
    for text in (card.first_text, *card.examples):
        run = trace(load(card.id), text)
        with torch.no_grad():
            expected = plain(input_ids=torch.tensor(run.token_ids)[None], output_attentions=True)
        np.testing.assert_allclose(run.logits, expected.logits[0].numpy(), atol=1e-4)
        for layer, attention in enumerate(run.attentions):
            np.testing.assert_allclose(attention.attn_weights, expected.attentions[layer][0].numpy(), atol=1e-5)


@pytest.mark.parametrize("card", CAUSAL, ids=lambda card: card.id)
def test_the_first_text_has_clear_next_words(card: Any) -> None:
    """Ten tokens of the whole vocabulary have more than a third of the probability, or in Chinese a fifth."""
    logits = torch.tensor(trace(load(card.id), card.first_text).logits)[-1]
    assert logits.softmax(-1).topk(10).values.sum() > (0.2 if card.language == "zh" else 1 / 3)


@pytest.mark.parametrize("card", catalogue.embedded(), ids=lambda card: card.id)
def test_an_embedded_model_is_what_its_card_says(card: Any) -> None:
    model = load(card.id)
    assert (model.kind, model.parameters) == (card.kind, card.parameters)
    assert model.max_tokens <= card.max_tokens


def test_the_weights_in_the_repository_are_small() -> None:
    folders = [folder for card in catalogue.embedded() if not card.package and (folder := catalogue.folder(card))]
    assert sum(path.stat().st_size for folder in folders for path in folder.rglob("*.safetensors")) < 90e6


def test_importing_the_package_does_not_import_torch() -> None:
    code = "import sys; from model_utils import catalogue; catalogue.embedded(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(model_utils.__file__).parents[1])


def test_every_public_name_is_there() -> None:
    for name in model_utils.__all__:
        assert getattr(model_utils, name) is not None
    assert model_utils.load is load_itself
    with pytest.raises(AttributeError):
        _ = model_utils.nothing


def test_guests_give_way_when_memory_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [str(write("gpt2", tmp_path / str(n), seed=n)) for n in range(3)]
    size = load(folders[0]).parameters * 4 / 1e9
    monkeypatch.setenv("CLEARHEAD_MODEL_BUDGET_GB", str(size * 2.5))
    embedded = load("minilm") if size * 2.5 > 0.1 else None
    first, second = load(folders[0]), load(folders[1])
    assert load(folders[0]) is first  # the second is now the least recently used
    load(folders[2])
    assert load(folders[0]) is first
    assert load(folders[1]) is not second
    assert embedded is None or load("minilm") is embedded


def test_a_model_is_loaded_once(model_of: Any) -> None:
    model: Model = model_of("gpt2")
    assert model_of("gpt2") is model
    assert not model.network.training and not any(p.requires_grad for p in model.network.parameters())
