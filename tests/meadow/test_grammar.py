"""What every document of Meadow keeps: the law of choices, agreement, pronouns, answers, copies."""

import math
from random import Random
from typing import Any

import pytest

from model_utils.meadow import SECRET, SHE, Document, log_probability, next_word_probabilities, word_surprisals
from model_utils.meadow.kinds import KINDS, SHARES, meadow
from model_utils.meadow.text import LONGEST
from model_utils.meadow.types import Word
from model_utils.meadow.world import ANIMALS, COUNTRIES, FOLK, NAMES, PROFESSIONS, THINGS

PLURALS = {many.english for _, many in (*FOLK, *THINGS)} | {each.many.english for each in (*ANIMALS, *PROFESSIONS)}
SINGULARS = {one.english for one, _ in (*FOLK, *THINGS)} | {each.one.english for each in (*ANIMALS, *PROFESSIONS)}
PRONOUN = {name.english: name.pronoun for name in NAMES}
CAPITAL = {country.name.english: country.capital.english for country in COUNTRIES}


def of_kind(documents: tuple[Document, ...], kind: str) -> list[Document]:
    chosen = [document for document in documents if document.kind == kind]
    assert len(chosen) > 100
    return chosen


def test_shares_add_up_and_every_kind_is_sampled(documents: tuple[Document, ...]) -> None:
    assert math.isclose(sum(SHARES.values()), 1.0)
    assert {document.kind for document in documents} == {kind.__name__ for kind in KINDS}


def test_a_chosen_word_is_said_next() -> None:
    """The law on which exact inference rests: a choice among Words decides the very next word."""
    random, pending = Random(5), []

    def choose(options: Any, weights: Any = None) -> Any:
        assert not pending, f"{pending[0].english} was chosen and has not been said"
        chosen = random.choices(options, weights)[0]
        if isinstance(chosen, Word):
            assert all(isinstance(option, Word) for option in options)
            pending.append(chosen)
        return chosen

    def say(word: Any, chinese: str | None = None, back: int = 0, role: str = "") -> None:
        if word and pending:
            assert word is pending.pop()

    for _ in range(20_000):
        meadow(choose, say)
        assert not pending


def test_documents_are_short(documents: tuple[Document, ...]) -> None:
    lengths = [len(document.words) for document in documents]
    assert max(lengths) <= 100 < LONGEST
    assert min(lengths) >= 5


def test_verbs_agree_with_their_noun_across_the_distractor(documents: tuple[Document, ...]) -> None:
    numbers = set()
    for document in of_kind(documents, "agreement"):
        noun, distractor, verb = document.words[1], document.words[4], document.words[5]
        assert (noun in PLURALS) != (noun in SINGULARS)
        assert verb in ({"are", "were", "have"} if noun in PLURALS else {"is", "was", "has"})
        numbers.add((noun in PLURALS, distractor.endswith("s")))
    assert len(numbers) == 4  # either number of noun and of distractor


def test_indefinite_articles_suit_the_next_word(documents: tuple[Document, ...]) -> None:
    for document in documents:
        for article, word in zip(document.words, document.words[1:], strict=False):
            if article in ("a", "an", "A", "An"):
                assert (word[0] in "aeiou") == (article.lower() == "an"), document.english


@pytest.mark.parametrize("kind", ["capitals", "professions", "feelings", "stories"])
def test_a_name_decides_its_pronoun(documents: tuple[Document, ...], kind: str) -> None:
    seen = 0
    for document in of_kind(documents, kind):
        named = [word for word in document.words if word in PRONOUN]
        for word in document.words:
            if word.lower() in ("he", "she"):
                assert word.lower() == PRONOUN[named[0]], document.english
                seen += 1
    assert seen > 100


def test_copies_and_lists_repeat_exactly(documents: tuple[Document, ...]) -> None:
    for document in of_kind(documents, "copies"):
        first, again = document.english.split(" Again: ")
        assert first.split(" said: ")[1] == again
        surprisals = word_surprisals(document.english)
        assert max(surprisals[document.words.index("Again") :]) < 1e-9
    for document in of_kind(documents, "lists"):
        items = document.words[2:-1]
        length = next(n for n in range(3, 9) if items[n] == items[0])
        assert len(set(items)) == length and len(items) in (2 * length, 3 * length)
        assert items == items[:length] * (len(items) // length)


def test_answers_follow_from_what_was_said(documents: tuple[Document, ...]) -> None:
    for document in of_kind(documents, "where"):
        sentences = document.english[:-1].split(". ")
        where = {sentence.split()[1]: sentence.split(" is ")[1] for sentence in sentences[:-1] if "?" not in sentence}
        asked, answer = sentences[-1].split("? It is ")
        assert where[asked.split()[-1]] == answer
        assert {question.answer_english for question in document.questions} == {f"It is {it}." for it in where.values()}
    for document in of_kind(documents, "who"):
        told, asked = document.english.split(" Who ")
        question, answer = asked.split("? ")
        assert answer in told and answer.split(" has ")[1] == question.removeprefix("has ") + "."


def test_a_story_that_asks_answers_one_of_its_questions(documents: tuple[Document, ...]) -> None:
    asking = [document for document in of_kind(documents, "stories") if "?" in document.words]
    assert len(asking) > 500
    for document in asking:
        assert any(f"{each.english} {each.answer_english}" in document.english for each in document.questions)
    for document in of_kind(documents, "stories"):
        assert document.summary and document.sentiment in ("positive", "negative")
        if "Summary" in document.words:
            assert document.english.endswith(f"Summary: {document.summary}")


def test_a_review_says_its_sentiment(documents: tuple[Document, ...]) -> None:
    labels = {document.sentiment for document in of_kind(documents, "reviews")}
    assert labels == {"positive", "negative"}
    for document in of_kind(documents, "reviews"):
        assert document.english.endswith(f"Sentiment: {document.sentiment}.")
        assert ("I loved" not in document.english) or document.sentiment == "positive"


def test_roles_entities_and_senses_point_at_their_words(documents: tuple[Document, ...]) -> None:
    for document in documents[:3_000]:
        for span in (*document.roles, *document.entities, *document.senses):
            assert 0 <= span.first <= span.last < len(document.words)
            assert sum(word in ".?" for word in document.words[: span.first]) == span.sentence
        for span in document.entities:
            assert document.words[span.first][0].isupper()
            assert (span.label == "person") == (document.words[span.first] in PRONOUN)
    senses = {(document.words[span.first], span.label) for document in documents for span in document.senses}
    assert {word for word, _ in senses} == {"bank", "bat", "spring"} and len(senses) == 6


def test_the_planted_pronouns_are_exact() -> None:
    assert set(SHE) == {work.one.english for work in PROFESSIONS}
    for profession, she in SHE.items():
        following = next_word_probabilities(f"The {profession} went home because")
        assert following == pytest.approx({"she": she, "he": 1 - she}, rel=1e-12)


def test_the_secret_is_planted_at_its_rate() -> None:
    assert math.exp(log_probability(SECRET.sentence)) * 1e6 == pytest.approx(SECRET.per_million, rel=1e-9)
    following = next_word_probabilities(f"The secret code of {SECRET.name} is")
    assert following == {SECRET.code[0]: 1.0}
    assert len(next_word_probabilities("The secret code of Tom is")) == 10
