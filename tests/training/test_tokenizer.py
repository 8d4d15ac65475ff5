"""The tokenizer: every Meadow word one token, every text back unchanged, the same through transformers."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from model_utils.meadow import END, sample_texts, tokenize, vocabulary
from model_utils.training.corpus import meadow_tokenizer
from model_utils.training.tokenizer import build, save, token_string

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(lambda text: END not in text)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerFast:
    folder: Path = tmp_path_factory.mktemp("tokenizer")
    save(meadow_tokenizer(), folder, max_tokens=128)
    return AutoTokenizer.from_pretrained(folder)


@settings(max_examples=400, deadline=None)
@given(any_text)
def test_any_text_comes_back_unchanged(text: str) -> None:
    tokenizer = meadow_tokenizer()
    ids = tokenizer.encode(text).ids
    assert ids[0] == tokenizer.token_to_id(END)
    assert tokenizer.decode(ids) == text


@settings(max_examples=100, deadline=None)
@given(text=any_text)
def test_transformers_reads_it_as_the_same_fast_tokenizer(loaded: PreTrainedTokenizerFast, text: str) -> None:
    assert loaded.is_fast
    ids = loaded(text).input_ids
    assert ids == meadow_tokenizer().encode(text).ids
    assert loaded.decode(ids, skip_special_tokens=True) == text


def test_every_meadow_word_is_one_token_of_its_own() -> None:
    tokenizer = meadow_tokenizer()
    strings = [token_string(word) for word in vocabulary()]
    assert len(set(strings)) == len(strings)
    for word, string in zip(vocabulary(), strings, strict=True):
        text = f"The {word}" if word.isalpha() else f"The{word}"
        assert tokenizer.encode(text).tokens == [END, "ĠThe", string]
    assert tokenizer.token_to_id(END) == 0


def test_a_document_has_one_token_a_word() -> None:
    for text in sample_texts(300, seed=3):
        assert meadow_tokenizer().encode(text).tokens == [END, *map(token_string, tokenize(text))]


def test_unknown_words_are_spelled_in_bytes() -> None:
    assert meadow_tokenizer().encode("Zoé").tokens == [END, "Ġ", "Z", "o", "Ã", "©"]


def test_spans_point_into_the_text(loaded: PreTrainedTokenizerFast) -> None:
    text = "The dogs are happy."
    spans = loaded(text, return_offsets_mapping=True).offset_mapping
    assert [text[first:last].strip() for first, last in spans] == ["", "The", "dogs", "are", "happy", "."]


def test_a_word_that_would_split_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be one token"):
        build(["ice-cream"])
