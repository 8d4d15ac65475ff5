"""Exact inference against what must hold, against sampling, and against small grammars worked out by hand."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest

from model_utils.meadow import (
    END,
    Document,
    NotMeadow,
    detokenize,
    is_meadow,
    log_probability,
    next_word_probabilities,
    sample_documents,
    vocabulary,
    word_surprisals,
)
from model_utils.meadow.inference import explore
from model_utils.meadow.types import Choose, Say, Word
from model_utils.meadow.world import COUNTRIES

Words = tuple[str, ...]


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.name.english)
def test_a_country_has_one_capital(country) -> None:
    text = f"The capital of {country.name.english} is"
    assert next_word_probabilities(text) == {country.capital.english: 1.0}


def test_first_words_and_the_end() -> None:
    assert math.isclose(next_word_probabilities("")["Once"], 0.17, rel_tol=1e-9)
    assert next_word_probabilities("The quick brown fox jumps over the lazy dog.") == {END: 1.0}
    assert set(next_word_probabilities("The capital of Cuba is Havana.")) == {END}


def test_every_prefix_sums_to_one(documents: tuple[Document, ...]) -> None:
    for document in documents[:400]:
        for cut in range(0, len(document.words) + 1, 5):
            following = next_word_probabilities(detokenize(document.words[:cut]))
            assert math.isclose(math.fsum(following.values()), 1.0, rel_tol=1e-12)
            assert min(following.values()) > 0


def test_a_document_is_the_product_of_its_words(documents: tuple[Document, ...]) -> None:
    shortest = {document.kind: document for document in sorted(documents, key=lambda each: -len(each.words))}
    assert len(shortest) == 18
    for document in shortest.values():
        words = (*document.words, END)
        product = math.fsum(
            math.log(next_word_probabilities(detokenize(words[:place]))[word]) for place, word in enumerate(words)
        )
        assert math.isclose(product, document.log_probability, rel_tol=1e-9)


def test_a_text_has_one_derivation(documents: tuple[Document, ...]) -> None:
    for document in documents[:2_000]:
        assert math.isclose(log_probability(document.english), document.log_probability, rel_tol=1e-9)


def test_surprisals_add_up_to_the_text(documents: tuple[Document, ...]) -> None:
    for document in documents[:200]:
        end = -math.log(next_word_probabilities(document.english)[END])
        assert math.isclose(math.fsum(word_surprisals(document.english)) + end, -document.log_probability, rel_tol=1e-9)


def _two_ways(choose: Choose, say: Say) -> None:
    """ "a b" can be said in two ways, "a c" in one."""
    if choose((True, False), (0.25, 0.75)):
        say("a b")
        return
    say("a")
    say(choose((Word("b", "", ""), Word("c", "", ""), Word("b", "", "")), (1.0, 2.0, 1.0)))


def test_an_ambiguous_grammar_sums_its_derivations() -> None:
    exploration = explore(("a",), _two_ways)
    assert exploration.masses == (1.0, 1.0)
    assert exploration.following == {"b": 0.25 + 0.75 / 2, "c": 0.75 / 2}
    assert explore(("a", "b"), _two_ways).following == {END: 0.25 + 0.75 / 2}
    with pytest.raises(NotMeadow):
        explore(("a", "d"), _two_ways)


def test_a_word_of_two_senses_keeps_both_open() -> None:
    following = next_word_probabilities("Tom walked to the bank")
    assert following == pytest.approx({"and": 0.5, "to": 0.5})


@pytest.mark.parametrize(
    ("text", "word", "position"),
    [
        ("The capital of Paris", "Paris", 3),
        ("hello", "hello", 0),
        ("The capital of Atlantis is", "Atlantis", 3),
        ("The dogs near the tree is hungry.", "is", 5),
        ("The quick brown fox jumps over the lazy dog. The", "The", 10),
        ("the capital of Atlantis", "the", 0),
    ],
)
def test_not_meadow_names_the_first_misfit(text: str, word: str, position: int) -> None:
    with pytest.raises(NotMeadow) as caught:
        next_word_probabilities(text)
    assert (caught.value.word, caught.value.position) == (word, position)
    assert not is_meadow(text)


def test_a_lone_opening_is_no_document() -> None:
    assert is_meadow("The capital of France is")
    assert log_probability("The capital of France is") == -math.inf


def _surprise(observed: Mapping[str, int], expected: Mapping[str, float]) -> float:
    """How many standard deviations a chi-square statistic lies above its mean (Wilson and Hilferty 1931).

    Words expected fewer than 8 times are pooled; a word expected never makes it infinite.
    """
    if set(observed) - set(expected):
        return math.inf
    total = sum(observed.values())
    common = [word for word in expected if expected[word] * total >= 8]
    cells = [(observed.get(word, 0), expected[word] * total) for word in common]
    rest = total - sum(mean for _, mean in cells)
    if rest >= 8:
        cells.append((total - sum(seen for seen, _ in cells), rest))
    freedom = len(cells) - 1
    if freedom < 1:
        return 0.0
    chi_square = sum((seen - mean) ** 2 / mean for seen, mean in cells)
    spread = 2 / (9 * freedom)
    return ((chi_square / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)


def _frequencies(many: Iterable[Words], prefixes: set[Words]) -> dict[Words, Counter[str]]:
    """What follows each prefix in the documents."""
    openings = {prefix[:cut] for prefix in prefixes for cut in range(len(prefix) + 1)}
    counts: dict[Words, Counter[str]] = {prefix: Counter() for prefix in openings}
    for words in many:
        for cut in range(len(words)):
            if words[:cut] not in counts:
                break
            counts[words[:cut]][words[cut]] += 1
    return counts


def test_frequencies_of_200_000_documents_agree(many: tuple[Words, ...]) -> None:
    prefixes = {
        document.words[:cut]
        for document in sample_documents(400, seed=7)
        for cut in range(min(12, len(document.words)))
    }
    frequent = {prefix: count for prefix, count in _frequencies(many, prefixes).items() if count.total() >= 100}
    assert len(frequent) > 400
    surprises = {}
    for prefix, observed in frequent.items():
        surprises[prefix] = _surprise(observed, next_word_probabilities(detokenize(prefix)))
    worst = max(surprises, key=surprises.__getitem__)
    assert surprises[worst] < 5, (worst, surprises[worst])  # p < 3e-7 each, with some hundred prefixes
    informative = [surprise for surprise in surprises.values() if surprise]
    assert abs(sum(informative) / len(informative)) < 0.25  # and no drift over all of them together


def test_the_bound_would_notice_a_wrong_probability(many: tuple[Words, ...]) -> None:
    observed = Counter(words[0] for words in many)
    right = next_word_probabilities("")
    wrong = right | {"Once": right["Once"] * 1.05, "The": right["The"] - right["Once"] * 0.05}
    assert _surprise(observed, right) < 5 < _surprise(observed, wrong)


def test_every_word_is_reached_and_no_other(many: tuple[Words, ...]) -> None:
    assert set().union(*many) == {*vocabulary(), END}
    assert 600 <= len(vocabulary()) <= 1000
