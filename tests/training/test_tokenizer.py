"""The tokenizers: every text back unchanged, the same through transformers; words, pieces, characters as promised."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from model_utils.meadow import END, sample_texts, tokenize, vocabulary
from model_utils.training.corpus import meadow_tokenizer
from model_utils.training.poem_forms import controls
from model_utils.training.tokenizer import build, build_characters, learn_pieces, save, token_string
from tests.training.own import BOOK, VERSES

CHARACTERS = {character for poem in VERSES for character in poem.text}
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(lambda text: END not in text)
known_and_any = st.lists(
    st.sampled_from([*sorted(CHARACTERS), *controls().values(), "the", " ", "\n", "she"]) | any_text, max_size=12
).map("".join)


@cache
def tokenizer_of(name: str) -> Tokenizer:
    if name == "characters":
        return build_characters(CHARACTERS, controls().values())
    return learn_pieces(BOOK.train, 400) if name == "pieces" else meadow_tokenizer()


@cache
def loaded(name: str) -> PreTrainedTokenizerFast:
    with TemporaryDirectory() as folder:
        save(tokenizer_of(name), Path(folder), max_tokens=128)
        return AutoTokenizer.from_pretrained(folder)


every_tokenizer = pytest.mark.parametrize("name", ["words", "pieces", "characters"])


@every_tokenizer
@settings(max_examples=300, deadline=None)
@given(text=known_and_any.filter(lambda text: END not in text))
def test_any_text_comes_back_unchanged(name: str, text: str) -> None:
    ids = tokenizer_of(name).encode(text).ids
    assert ids[0] == tokenizer_of(name).token_to_id(END) == 0
    assert tokenizer_of(name).decode(ids) == text


@every_tokenizer
@settings(max_examples=100, deadline=None)
@given(text=known_and_any.filter(lambda text: END not in text))
def test_transformers_reads_it_as_the_same_fast_tokenizer(name: str, text: str) -> None:
    assert loaded(name).is_fast
    ids = loaded(name)(text).input_ids
    assert ids == tokenizer_of(name).encode(text).ids
    assert loaded(name).decode(ids, skip_special_tokens=True) == text


def test_pieces_are_learnt_from_the_text_and_a_first_word_is_the_same_piece_as_a_later_one() -> None:
    tokenizer = tokenizer_of("pieces")
    assert tokenizer.get_vocab_size() == 400
    assert tokenizer.encode("the the").tokens == [END, "\u0120the", "\u0120the"]
    assert len(tokenizer.encode("the children went out")) < len("the children went out") / 2


def test_each_character_of_a_poem_is_one_token_and_rare_ones_are_bytes() -> None:
    tokenizer, text = tokenizer_of("characters"), VERSES[0].text
    assert len(tokenizer.encode(text)) == 1 + len(text)
    assert len(tokenizer.encode("\U00028a20")) == 1 + 4
    assert "\U00028a20" not in CHARACTERS


def test_a_control_token_is_one_token_wherever_it_stands() -> None:
    tokenizer, asked = tokenizer_of("characters"), controls()
    text = asked["five"] + asked["4"] + VERSES[0].text[:2] + asked["ci"]
    assert tokenizer.encode(text).tokens[1:3] == [asked["five"], asked["4"]]
    assert len(tokenizer.encode(text)) == 1 + 2 + 2 + 1


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


def test_spans_point_into_the_text() -> None:
    text = "The dogs are happy."
    spans = loaded("words")(text, return_offsets_mapping=True).offset_mapping
    assert [text[first:last].strip() for first, last in spans] == ["", "The", "dogs", "are", "happy", "."]


def test_a_word_that_would_split_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be one token"):
        build(["ice-cream"])
