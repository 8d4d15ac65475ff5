"""Meadow's own translation of a learner's sentence, its alignment, and how far a text goes on in Meadow."""

import pytest

from lessons.encoder_decoder import EXAMPLES, SENTENCE, gold, jobs
from model_utils.meadow import is_meadow, log_probability, sample_documents


def test_gold_is_what_the_grammar_said():
    for document in sample_documents(150, 31):
        found = gold.gold(document.english)
        assert (found.chinese, found.alignment, found.words) == (document.chinese, document.alignment, document.words)


@pytest.mark.parametrize(
    "text", ["", " ", "The dogs near the tree are", "Hello world.", "[MASK]", "<b>", "狗", "a" * 999]
)
def test_what_is_no_document_has_no_gold(text):
    assert gold.gold(text) is None


def test_links_join_the_words_of_the_example():
    found = gold.gold(SENTENCE)
    target = gold.places(found.chinese, ("树", "旁边的", "那些", "狗", "很饿", "。", "</s>"))
    cells = gold.links(found, found.places, target)
    partners = [{found.words[s] for s in row.nonzero()[0]} for row in cells]
    assert partners == [
        {"the", "tree"}, {"near"}, {"The", "dogs"}, {"The", "dogs"}, {"are", "hungry"}, {"."}, set(),
    ]  # fmt: skip


def test_every_example_is_a_complete_document():
    for text in EXAMPLES:
        assert gold.gold(text) and log_probability(text) > -50


@pytest.mark.parametrize(
    ("text", "written", "count"),
    [
        ("The capital of France is", (" Paris", ".", "<|endoftext|>"), 3),
        ("The capital of France is", (" Rome", ".", " People"), 0),
        ("The dogs near the tree", (" are", " calm", ".", " They", " Paris", "."), 4),
        ("The capital of France is Paris.", ("<|endoftext|>", " People"), 1),
        ("Hello there", (" you",), None),
        ("The dogs", (), 0),
    ],
)
def test_tokens_are_counted_as_long_as_meadow_might_say_them(text, written, count):
    assert jobs.in_meadow(text, written) == count
    if count:
        assert is_meadow(text + "".join(written[:count]).replace("<|endoftext|>", ""))
