"""What is typed, whatever it is, becomes tokens a person can read; nothing is lost without being counted."""

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_utils import ModelError, load, trace, vocabulary
from model_utils.reading import bytes_as_text, read

FAMILY = "👩\u200d👩\u200d👧"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "![x](http://example.com/x.png)",
    "$x$ ​",
    "\x00\x01\x7f",
    "مرحبا",
    "\ud800 lone",
    FAMILY,
    "　",
    "￿",
    "<pad><s></s>[MASK]",
)


def test_tokens_cover_the_text_and_spans_point_into_it(model_of: Any) -> None:
    run = trace(model_of("gpt2"), "the dogs")
    assert run.tokens == (" the", " dogs")
    assert [run.text[a:b].strip() for a, b in run.spans] == ["the", "dogs"]
    pieces = trace(model_of("t5"), "the dogs")
    assert pieces.source_tokens == (" the", " dogs", "</s>")
    words = trace(model_of("bert"), "The dogsx")
    assert words.tokens == ("[CLS]", "the", "dogs", "##x", "[SEP]")
    assert words.spans == ((0, 0), (0, 3), (4, 8), (8, 9), (0, 0))


@pytest.mark.parametrize("name", ["gpt2", "t5"])
def test_loose_bytes_are_shown_as_bytes(name: str, model_of: Any) -> None:
    run = trace(model_of(name), "世")
    tokens = run.source_tokens or run.tokens
    assert [token for token in tokens if "0x" in token] == ["<0xE4>", "<0xB8>", "<0x96>"]


def test_bytes_read_as_text_where_they_are_whole() -> None:
    assert bytes_as_text("é世".encode()) == "é世"
    assert bytes_as_text("a世".encode()[:-1]) == "a<0xE4><0xB8>"
    assert bytes_as_text("世".encode()[1:] + b"b") == "<0xB8><0x96>b"
    assert "\ufffd" not in bytes_as_text("\ufffd".encode())


@pytest.mark.parametrize("name", ["gpt2", "bert", "t5", "qwen2"])
def test_the_vocabulary_names_every_id_and_never_by_a_replacement_character(name: str, model_of: Any) -> None:
    model = model_of(name)
    words = vocabulary(model)
    assert len(words) == model.network.get_input_embeddings().num_embeddings == 320
    assert not any("\ufffd" in word for word in words)
    assert words[319].startswith("<#") and "Ġ" not in "".join(words)


@pytest.mark.parametrize("name", ["gpt2", "bert", "t5"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(name: str, text: str, model_of: Any) -> None:
    try:
        run = trace(model_of(name), text)
    except ModelError as error:
        assert error.code == "empty_text"
        return
    assert np.isfinite(run.hidden_states).all()
    assert "\ufffd" not in "".join(run.tokens)
    run.text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=()), max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read(text: str) -> None:
    reading = read(load("minilm"), text + "a")
    assert len(reading.ids) == len(reading.tokens) == len(reading.spans)
    assert all(0 <= a <= b <= len(reading.text) for a, b in reading.spans)
    assert "\ufffd" not in "".join(reading.tokens)


@pytest.mark.parametrize("name", ["gpt2", "bert", "t5", "minilm"])
def test_a_megabyte_is_cut_at_once_and_the_cut_is_counted(name: str, model_of: Any) -> None:
    model = load("minilm") if name == "minilm" else model_of(name)
    started = time.perf_counter()
    reading = read(model, "the dogs " * 120_000)
    assert time.perf_counter() - started < 0.5
    assert len(reading.ids) == model.max_tokens and reading.cut > 100_000
    if name != "gpt2":
        assert reading.spans[-1] == (0, 0)  # the closing special token is kept


def test_a_text_one_token_too_long_loses_one(model_of: Any) -> None:
    model = model_of("gpt2")
    assert read(model, "the " * (model.max_tokens - 1) + "the").cut == 0
    run = trace(model, "the " * model.max_tokens + "the")
    assert (run.tokens_cut, len(run.tokens)) == (1, model.max_tokens)


def test_roberta_reads_no_further_than_its_positions_reach(model_of: Any) -> None:
    model = model_of("roberta")
    assert model.max_tokens == 61  # 64 rows, of which the first three are not positions
    assert len(trace(model, "the " * 99).tokens) == 61


@pytest.mark.parametrize("name", ["bert", "t5", "roberta"])
@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_text_is_refused(name: str, text: str, model_of: Any) -> None:
    with pytest.raises(ModelError, match="empty_text"):
        trace(model_of(name), text)


@pytest.mark.parametrize("name", ["gpt2", "llama"])
def test_an_empty_prompt_is_the_beginning_of_text(name: str, model_of: Any) -> None:
    """Whether the tokenizer adds the token by itself (llama here) or not (gpt2)."""
    run = trace(model_of(name), "")
    assert run.tokens == ("<s>",) and run.spans == ((0, 0),)


def test_a_masked_blank_is_one_token(model_of: Any) -> None:
    run = trace(model_of("bert"), "the [MASK] sat")
    assert run.tokens == ("[CLS]", "the", "[MASK]", "sat", "[SEP]")
    assert run.spans[2] == (4, 10)


def test_the_decoder_reads_its_start_then_the_target(model_of: Any) -> None:
    run = trace(model_of("t5"), "the dogs", target_text="the fox")
    assert run.tokens == ("<pad>", " the", " fox")
    assert run.target_text == "the fox" and run.text == "the dogs"
    assert trace(model_of("t5"), "the dogs").tokens == ("<pad>",)
    bart = trace(model_of("bart"), "the dogs", target_text="a fox")
    assert bart.tokens == ("</s>", "<s>", " a", " fox")
