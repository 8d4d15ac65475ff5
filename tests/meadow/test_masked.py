"""What a blank hides: against the product of next-word probabilities, against sampling, and on small grammars."""

import math
from collections import Counter
from random import Random

import pytest

from model_utils.meadow import (
    END,
    Document,
    NotMeadow,
    TooManyFillings,
    detokenize,
    likeliest_filling,
    masked_word_probabilities,
    next_word_probabilities,
)
from model_utils.meadow.inference import explore
from model_utils.meadow.kinds.patterns import LISTED
from model_utils.meadow.masked import fillings, words_and_blanks
from model_utils.meadow.types import Choose, Say, Word

Filled = dict[tuple[str, ...], float]


def _by_next_words(text: str) -> Filled:
    """The probability of every filling, from left to right: at a blank each word that may follow, else the word."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {((), ()): 1.0}  # (all words, those in blanks)
    for word in words_and_blanks(text):
        longer = {}
        for (before, blanks), mass in found.items():
            following = next_word_probabilities(detokenize(before))
            for each in following.keys() - {END} if word is None else following.keys() & {word}:
                longer[(*before, each), (*blanks, each) if word is None else blanks] = mass * following[each]
        found = longer
    total = math.fsum(found.values())
    return {blanks: mass / total for (_, blanks), mass in found.items()}


def _marginal(filled: Filled, place: int) -> Counter[str]:
    masses: Counter[str] = Counter()
    for words, mass in filled.items():
        masses[words[place]] += mass
    return masses


@pytest.mark.parametrize(
    "text",
    [
        "The capital of France is [MASK].",
        "[MASK] is a nurse. She works in a [MASK].",
        "The [MASK] near the tree [MASK] hungry",
        "The dogs near the [MASK] are [MASK]. [MASK] are sleeping.",
        "List: cup river [MASK] cup [MASK] moon.",
        "List: [MASK] cup [MASK]",
        "List: cup [MASK] [MASK]",
        "[MASK]: [MASK]",
        "Tom said: the king [MASK] the red ball. Again: the king [MASK] the [MASK] ball.",
        "Once upon a time, there was a [MASK] named Mia. [MASK] had a [MASK] dog.",
        "[MASK] [MASK]",
        "After [MASK] comes four.",
    ],
)
def test_every_blank_is_what_next_word_probabilities_multiply_to(text: str) -> None:
    filled, found = _by_next_words(text), masked_word_probabilities(text)
    assert len(found) == text.count("[MASK]")
    for place, distribution in enumerate(found):
        assert distribution == pytest.approx(_marginal(filled, place), rel=1e-9)
        assert [*distribution.values()] == sorted(distribution.values(), reverse=True)
        assert math.fsum(distribution.values()) == pytest.approx(1.0, rel=1e-12)
    words, probability = likeliest_filling(text)
    assert probability == pytest.approx(max(filled.values()), rel=1e-9) == pytest.approx(filled[words], rel=1e-9)


def test_both_sides_count() -> None:
    assert masked_word_probabilities("The capital of [MASK] is Paris.") == [{"France": 1.0}]
    (left,) = masked_word_probabilities("The [MASK] near the tree")
    (both,) = masked_word_probabilities("The [MASK] near the tree is hungry.")
    assert left["dogs"] == left["dog"]
    assert "dogs" not in both and both["dog"] > left["dog"]


def test_the_words_of_a_list_that_nobody_names_are_alike() -> None:
    (distribution,) = masked_word_probabilities("List: cup [MASK] moon")
    assert distribution.keys() == {word.english for word in LISTED} - {"cup", "moon"}
    assert max(distribution.values()) == pytest.approx(min(distribution.values()))
    first, second = masked_word_probabilities("List: cup [MASK] moon [MASK]")
    assert second["cup"] == pytest.approx(0.4)  # the share of lists that have three words
    assert second["river"] == pytest.approx(0.6 * first["river"], rel=0.01)


def test_a_text_without_a_blank_has_no_distribution() -> None:
    assert masked_word_probabilities("The capital of France is Paris.") == []
    assert masked_word_probabilities("") == []


def test_a_blank_may_stand_close_to_a_mark_or_a_word() -> None:
    assert words_and_blanks("The [MASK]dog, [MASK][MASK].") == ("The", None, "dog", ",", None, None, ".")
    assert len(words_and_blanks("[MASK] " * 100_000)) == 161


@pytest.mark.parametrize(
    ("text", "word", "position"),
    [
        ("The capital of Paris is [MASK]", "Paris", 3),
        ("The [MASK] of France is Atlantis", "Atlantis", 5),
        ("The capital of Cuba is Havana. [MASK]", "[MASK]", 7),
        ("hello [MASK]", "hello", 0),
        ("List: [MASK] cup [MASK] dog [MASK] [MASK] [MASK].", ".", 9),
    ],
)
def test_not_meadow_names_the_first_misfit(text: str, word: str, position: int) -> None:
    with pytest.raises(NotMeadow) as caught:
        masked_word_probabilities(text)
    assert (caught.value.word, caught.value.position) == (word, position)


def test_what_is_too_open_is_refused() -> None:
    with pytest.raises(TooManyFillings):
        masked_word_probabilities("[MASK] " * 12)


def _two_ways(choose: Choose, say: Say) -> None:
    """ "a b d" can be said in two ways, "a c e" in one."""
    if choose((True, False), (0.25, 0.75)):
        say("a b d")
        return
    say("a")
    word = choose((Word("b", "", ""), Word("c", "", ""), Word("b", "", "")), (1.0, 2.0, 1.0))
    say(word)
    say("d" if word.english == "b" else "e")


def test_an_ambiguous_grammar_sums_its_derivations() -> None:
    assert fillings(("a", None), _two_ways) == {("b",): 0.25 + 0.75 / 2, ("c",): 0.75 / 2}
    assert fillings(("a", None, "d"), _two_ways) == {("b",): 0.25 + 0.75 / 2}
    assert fillings((None, None, None), _two_ways) == {("a", "b", "d"): 0.25 + 0.75 / 2, ("a", "c", "e"): 0.75 / 2}
    with pytest.raises(NotMeadow):
        fillings((None, "c", "d"), _two_ways)


def test_what_stands_in_the_blank_is_one_of_its_words(documents: tuple[Document, ...]) -> None:
    """And over many documents it stands there as often as the distribution says."""
    draw = Random(4)
    expected, variance, came = 0.0, 0.0, 0
    for document in documents[:1500]:
        hidden = draw.sample(range(len(document.words)), min(draw.randint(1, 3), len(document.words)))
        text = detokenize("[MASK]" if i in hidden else word for i, word in enumerate(document.words))
        for place, distribution in zip(sorted(hidden), masked_word_probabilities(text), strict=True):
            best = max(distribution.values())
            expected, variance = expected + best, variance + best * (1 - best)
            came += next(iter(distribution)) == document.words[place]
            assert distribution[document.words[place]] > 0
    assert variance > 50
    assert abs(came - expected) < 5 * math.sqrt(variance)


def test_frequencies_of_documents_agree(many: tuple[tuple[str, ...], ...]) -> None:
    """Of 200,000 documents, those that open with "A [MASK] is smaller than a ..." and "Tom said: the ..."."""
    for text, place in (("A [MASK] is smaller than a [MASK].", 6), ("Tom said: the [MASK] [MASK] the", 4)):
        words = words_and_blanks(text)
        fits = [
            document
            for document in many
            if len(document) > len(words) and all(w in (None, d) for w, d in zip(words, document, strict=False))
        ]
        seen = Counter(document[place] for document in fits)
        truth = masked_word_probabilities(text)[words[:place].count(None)]
        assert len(fits) > 150 and seen.keys() <= truth.keys()
        freedom = len(truth) - 1
        chi_square = sum((seen[word] - p * len(fits)) ** 2 / (p * len(fits)) for word, p in truth.items())
        assert abs(chi_square - freedom) < 5 * math.sqrt(2 * freedom)


def test_a_walk_without_blanks_is_still_that_of_next_words() -> None:
    words = ("The", "capital", "of")
    assert fillings(words, _capitals_only) == {(): 1.0}
    assert explore(words, _capitals_only).following == {"France": 0.5, "Spain": 0.5}


def _capitals_only(choose: Choose, say: Say) -> None:
    say("The capital of")
    say(choose((Word("France", "", ""), Word("Spain", "", ""))))
