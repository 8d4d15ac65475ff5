"""The Chinese of every document: its script, its measure words, and its alignment with the English."""

import re

from model_utils.meadow import Document
from model_utils.meadow.world import ANIMALS, FOLK, LANDMARKS, PROFESSIONS, THINGS

ALLOWED = re.compile(r"[\u4e00-\u9fff，。？：、]+")


def test_only_chinese_characters_and_punctuation(documents: tuple[Document, ...]) -> None:
    for document in documents:
        assert ALLOWED.fullmatch(document.chinese), document.chinese
        for question in document.questions:
            assert ALLOWED.fullmatch(question.chinese + question.answer_chinese)
        assert not document.summary_chinese or ALLOWED.fullmatch(document.summary_chinese)


def test_every_sentence_ends_in_both_languages(documents: tuple[Document, ...]) -> None:
    for document in documents:
        ends = [word for word in document.words if word in (".", "?")]
        assert [{"。": ".", "？": "?"}[mark] for mark in re.findall("[。？]", document.chinese)] == ends


def test_measure_words_suit_their_nouns(documents: tuple[Document, ...]) -> None:
    """After a number or 那, a noun has its own measure word, colour between them or not: 一只狗, never 一个狗."""
    pairs = (*FOLK, *THINGS, *LANDMARKS, *((each.one, each.many) for each in (*ANIMALS, *PROFESSIONS)))
    allowed: dict[str, set[str]] = {}
    for one, _ in pairs:
        allowed.setdefault(one.chinese, set()).add(one.measure)
    nouns = "|".join(sorted(allowed, key=len, reverse=True))
    number = "一二两三四五六七八九"
    counted = re.compile(rf"[{number}那]([^{number}，。、])(?:[^，。、那]{{1,3}}的)?({nouns})(?!棒)")
    found = 0
    for document in documents:
        if document.kind in ("lists", "codes", "calendar", "animals"):
            continue  # they name digits and days, and count legs
        for measure, noun in counted.findall(document.chinese):
            if measure != "些":
                assert measure in allowed[noun], document.chinese
                found += 1
    assert found > 5_000


def test_every_word_is_aligned(documents: tuple[Document, ...]) -> None:
    for document in documents:
        assert len(document.alignment) == len(document.words)
        for word, (start, end) in zip(document.words, document.alignment, strict=True):
            assert 0 <= start < end <= len(document.chinese), (word, document)


def test_names_and_places_align_with_themselves(documents: tuple[Document, ...]) -> None:
    known = {"Paris": "巴黎", "Mia": "米娅", "France": "法国", "Monday": "星期一", "elephant": "大象", ".": "。"}
    seen = set()
    for document in documents:
        for word, (start, end) in zip(document.words, document.alignment, strict=True):
            if word in known:
                assert known[word] in document.chinese[start:end]
                seen.add(word)
    assert seen == set(known)


def test_sentences_a_native_reader_expects(documents: tuple[Document, ...]) -> None:
    wanted = {
        "The capital of France is Paris.": "法国的首都是巴黎。",
        "Paris is the capital of France.": "巴黎是法国的首都。",
        "What is the capital of France?": "法国的首都是哪里？",
        "The quick brown fox jumps over the lazy dog.": "敏捷的棕色狐狸跳过了那只懒狗。",
        "Once upon a time, there was a brave queen named Mia.": "从前，有一位勇敢的王后，名叫米娅。",
        "A nurse works in a hospital.": "护士在医院工作。",
        "A dog has four legs.": "狗有四条腿。",
        "In winter it is cold.": "冬天很冷。",
    }
    firsts = (re.compile(r".*?[.?]"), re.compile(r".*?[。？]"))
    told = {firsts[0].match(each.english)[0]: firsts[1].match(each.chinese)[0] for each in documents}
    assert {english: told[english] for english in wanted} == wanted
