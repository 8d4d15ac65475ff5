"""The catalogue, the lazy package, and the shelf of loaded models."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import model_utils
from model_utils import Model, catalogue, load
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


@pytest.mark.parametrize("card", catalogue.embedded(), ids=lambda card: card.id)
def test_an_embedded_model_is_what_its_card_says(card: Any) -> None:
    model = load(card.id)
    assert (model.kind, model.parameters) == (card.kind, card.parameters)
    assert model.max_tokens <= card.max_tokens


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
