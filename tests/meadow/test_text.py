"""Words and text; whatever is typed gives a distribution or NotMeadow, and soon."""

import pickle
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_utils.meadow import (
    Document,
    NotMeadow,
    categories,
    detokenize,
    entropy,
    is_meadow,
    next_word_probabilities,
    sample_documents,
    sample_texts,
    tokenize,
    vocabulary,
)

ANY = st.text(st.one_of(st.characters(), st.characters(categories=["Cs", "Cc", "Cf"])))
WORDS = st.lists(st.sampled_from(vocabulary()), max_size=12).map(detokenize)
OPENINGS = st.sampled_from([document.english for document in sample_documents(100, seed=1)])


def test_words_are_whole_for_a_gpt2_pre_tokeniser() -> None:
    for word in vocabulary():
        assert re.fullmatch(r"[A-Za-z]+|[.,:?]", word)


def test_text_and_words_are_each_others_inverse(documents: tuple[Document, ...]) -> None:
    for document in documents:
        assert tokenize(document.english) == document.words
        assert detokenize(document.words) == document.english
        assert not re.search(r"[.,:?][.,:?A-Za-z]", document.english)  # no two marks touch, none lacks its space


def test_every_word_has_a_category() -> None:
    kinds = categories()
    assert tuple(sorted(kinds)) == vocabulary()
    assert (kinds["Paris"], kinds["dog"], kinds["Tom"], kinds["red"]) == ("city", "animal", "person", "colour")
    assert kinds["."] == "punctuation"


def test_a_seed_names_its_documents() -> None:
    assert list(sample_documents(50, seed=4)) == list(sample_documents(50, seed=4))
    assert [document.english for document in sample_documents(50, seed=4)] == list(sample_texts(50, seed=4))
    assert list(sample_texts(50, seed=4)) != list(sample_texts(50, seed=5))


def test_entropy_is_the_mean_exact_surprisal(documents: tuple[Document, ...]) -> None:
    words = sum(len(document.words) + 1 for document in documents)
    surprisal = -sum(document.log_probability for document in documents)
    assert entropy(len(documents), seed=101) == pytest.approx(surprisal / words)
    assert entropy(len(documents), seed=102) == pytest.approx(surprisal / words, rel=0.02)


def test_documents_and_errors_travel_between_processes(documents: tuple[Document, ...]) -> None:
    assert pickle.loads(pickle.dumps(documents[0])) == documents[0]
    error = pickle.loads(pickle.dumps(NotMeadow("x", 3)))
    assert (error.word, error.position, str(error)) == ("x", 3, "word 4 does not fit: 'x'")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        ANY,
        WORDS,
        OPENINGS.flatmap(lambda text: st.integers(0, len(text)).map(lambda cut: text[:cut])),
        st.builds(lambda text, more: text + more, OPENINGS, ANY),
    )
)
def test_any_text_gives_a_distribution_or_not_meadow(text: str) -> None:
    try:
        following = next_word_probabilities(text)
    except NotMeadow as error:
        assert 0 <= error.position <= len(tokenize(text)) and error.word in tokenize(text)
        str(error).encode("utf-8")
        assert not is_meadow(text)
    else:
        assert sum(following.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "The dogs " * 111_112, "\ud800" * 1_000_000, " " * 1_000_000 + "x"])
def test_a_megabyte_is_answered_at_once(text: str) -> None:
    start = time.process_time()
    with pytest.raises(NotMeadow) as caught:
        next_word_probabilities(text)
    assert time.process_time() - start < 1.0
    assert len(str(caught.value)) < 400
