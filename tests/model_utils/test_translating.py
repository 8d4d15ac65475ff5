"""Greedy translation is what generate writes, with the probabilities of a trace; ids are traced as they are."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, GenerationConfig

from model_utils import Model, load, trace
from model_utils.errors import ModelError
from model_utils.translating import special_ids, spelled, translate

TEXT = "the dogs near the tree are on the river mat"
FAMILIES = ["t5", "bart", "marian"]


def generated(folder: Path, model: Model, most: int, **settings: Any) -> list[int]:
    """What transformers' own greedy search writes, padding forbidden."""
    network = AutoModelForSeq2SeqLM.from_pretrained(folder, attn_implementation="eager").eval()
    network.generation_config.forced_eos_token_id = None  # BART's own: the last place is an end, whatever it wants
    source = torch.tensor([model.tokenizer(TEXT)["input_ids"]])
    start, (end,), (pad,) = (special_ids(model, f"{name}_token_id") for name in ("decoder_start", "eos", "pad"))
    asked = {"decoder_start_token_id": start[0], "eos_token_id": end, "pad_token_id": pad} | settings
    config = GenerationConfig(do_sample=False, num_beams=1, max_new_tokens=most, bad_words_ids=[[pad]], **asked)
    with torch.no_grad():
        return network.generate(source, generation_config=config)[0, 1:].tolist()


@pytest.mark.parametrize("name", FAMILIES)
def test_it_writes_what_generate_writes(name: str, model_of: Any, folder_of: Any) -> None:
    model = model_of(name)
    written = translate(model, TEXT, most=24)
    assert list(written.token_ids) == generated(folder_of(name), model, 24)
    assert written.tokens == tuple(model.vocabulary[i] for i in written.token_ids)
    assert written.ended == (written.token_ids[-1] in special_ids(model, "eos_token_id"))
    assert written.text == TEXT and (written.ended or len(written.token_ids) == 24)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_trace_of_its_ids_has_its_probabilities(name: str, model_of: Any) -> None:
    model = model_of(name)
    written = translate(model, TEXT, most=12)
    run = trace(model, TEXT, target_ids=written.token_ids)
    assert tuple(run.token_ids[1:]) == written.token_ids[: len(run.tokens) - 1]
    assert len(run.tokens) == len(written.token_ids) + (not written.ended)
    log_probs = torch.from_numpy(run.logits).log_softmax(-1).numpy()
    rows = np.arange(len(written.token_ids))
    np.testing.assert_allclose(log_probs[rows, list(written.token_ids)], written.log_probabilities, atol=1e-4)
    assert run.target_text == written.target_text


def test_ids_are_traced_as_they_are_even_if_their_text_is_encoded_otherwise(model_of: Any) -> None:
    model = model_of("bart")
    ids = tuple(model.tokenizer.convert_tokens_to_ids(["Ġ", "t", "h", "e"]))
    assert model.tokenizer(" the", add_special_tokens=False)["input_ids"] != list(ids)
    run = trace(model, TEXT, target_ids=ids)
    assert tuple(run.token_ids[1:]) == ids and run.target_text == " the"
    assert run.spans == ((0, 0), (0, 1), (1, 2), (2, 3), (3, 4))
    assert trace(model, TEXT, target_ids=()).tokens == trace(model, TEXT).tokens


def test_a_closing_end_is_not_read_and_one_in_the_middle_is(model_of: Any) -> None:
    model = model_of("bart")
    (end,) = special_ids(model, "eos_token_id")
    run = trace(model, TEXT, target_ids=(40, end, 50, end))
    assert tuple(run.token_ids[1:]) == (40, end, 50)
    many = trace(model, TEXT, target_ids=(40,) * 500)
    assert len(many.tokens) == model.max_tokens


def test_a_forced_first_token_is_written_first(folder_of: Any, tmp_path: Path) -> None:
    network = AutoModelForSeq2SeqLM.from_pretrained(folder_of("bart"))
    network.generation_config.forced_bos_token_id = 77
    network.save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((folder_of("bart") / name).read_bytes())
    model = load(str(tmp_path))
    written = translate(model, TEXT, most=9)
    assert written.token_ids[0] == 77 != translate(load(str(folder_of("bart"))), TEXT, most=1).token_ids[0]
    assert list(written.token_ids) == generated(tmp_path, model, 9, forced_bos_token_id=77)


def test_most_and_the_positions_are_kept_to(model_of: Any) -> None:
    model = model_of("marian")
    assert len(translate(model, TEXT, most=3).token_ids) <= 3
    assert len(translate(model, TEXT, most=999).token_ids) <= model.max_tokens


def test_what_spells_no_character_yet_has_a_span_all_the_same(model_of: Any) -> None:
    model = model_of("bart")
    (byte,) = [i for i, token in enumerate(model.vocabulary) if token == "<0xE4>"]
    reading = spelled(model, (byte, byte))
    assert reading.ids == (byte, byte) and len(reading.spans) == 2
    assert all(0 <= a <= b <= len(reading.text) for a, b in reading.spans)


def test_nothing_to_translate_is_refused(model_of: Any) -> None:
    with pytest.raises(ModelError, match="empty_text"):
        translate(model_of("t5"), "  ")
