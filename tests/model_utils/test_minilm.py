"""MiniLM: the real English encoder, its bytes checked, its published and measured behaviour reproduced."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model_utils import ModelError, catalogue, load, trace
from model_utils.files import check_sum

RIVER = "The boat reached the bank of the river."
MONEY = "She opened an account at the bank."
LAKE = "We walked along the bank of the lake."


def bank(sentence: str) -> NDArray[np.float32]:
    """The hidden states of the word "bank", (L+1, C)."""
    run = trace(load("minilm"), sentence)
    return run.hidden_states[:, run.tokens.index("bank")]


def cosine(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (one * other).sum(-1) / np.linalg.norm(one, axis=-1) / np.linalg.norm(other, axis=-1)


def test_the_meanings_of_bank_part_layer_by_layer() -> None:
    money, lake = cosine(bank(RIVER), bank(MONEY)), cosine(bank(RIVER), bank(LAKE))
    assert money[0] == pytest.approx(0.96, abs=0.01) and money[6] == pytest.approx(0.75, abs=0.01)
    assert lake[6] == pytest.approx(0.93, abs=0.01)


def test_it_is_what_the_catalogue_says() -> None:
    card, model = catalogue.find("minilm"), load("minilm")
    assert card is not None and card in catalogue.embedded()
    assert (card.kind, card.parameters) == (model.kind, model.parameters) == ("encoder", 22_713_216)
    run = trace(model, RIVER)
    assert run.logits is None and len(run.attentions) == 6
    assert run.attentions[0].queries.shape == (12, len(run.tokens), 32)


def test_it_was_not_taught_to_stop_at_128_tokens_here() -> None:
    """Its tokenizer file asks for padding and truncation to 128: both are off, for every thread."""
    run = trace(load("minilm"), "river " * 200)
    assert len(run.tokens) == 202 and run.tokens_cut == 0
    assert len(trace(load("minilm"), "river").tokens) == 3


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    card = catalogue.find("minilm")
    assert card is not None
    folder = catalogue.folder(card)
    assert folder is not None
    check_sum("minilm", folder / "model.safetensors", card.sha256)
    copy = Path(shutil.copy(folder / "model.safetensors", tmp_path))
    with copy.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    with pytest.raises(ModelError, match="changed_file"):
        check_sum("minilm", copy, card.sha256)
