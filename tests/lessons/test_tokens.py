"""The tokens lesson: our few lines cut and learn as the library does; new ids change nothing when the rows go along."""

import copy
import math
from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.tokens import BASES, KINDS, maths, merging, permuting, steps, training
from model_utils import load, trace
from model_utils.tokenising import load_tokeniser, tokenise
from tests.hostile.texts import SHORT
from tests.lessons import models

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
LETTERS = st.text("abc", min_size=1, max_size=7)
FEW_LETTERS = st.lists(LETTERS, min_size=1, max_size=12).map(" ".join)  # few letters: ties, overlaps, repeated strings
MIXED = st.text(st.sampled_from([*"ab \u660e\u6708\u0301.1", FAMILY[0], "\u200d"]), min_size=1, max_size=40)
TEXTS = st.one_of(FEW_LETTERS, MIXED).map(lambda text: " ".join(text.split())).filter(bool)
TEXT = "a cat that sat on a mat saw a rat, and the rat that the cat saw ran to the hat on the mat"
quick = settings(deadline=None, max_examples=80)


def raw_merges(text: str, base: str, rounds: int) -> tuple[list[tuple[str, str]], dict[str, tuple[str, ...]]]:
    """What our own lines learn, and the words as they are cut in the end."""
    occurrences = Counter(training.cut_into_words(text, base))
    cuts = {word: tuple(word) for word in occurrences}
    alphabet = {letter for word in occurrences for letter in word}
    return [pair for pair, _ in maths.learn_merges(cuts, occurrences, len(alphabet) + rounds)], cuts


@quick
@given(TEXTS, st.integers(0, 30), st.sampled_from(BASES))
def test_our_merges_are_the_librarys_ties_included(text, rounds, base):
    ours, _ = raw_merges(text, base, rounds)
    assert ours == training.merges(training.learnt.__wrapped__("bpe", text, rounds, base))


@quick
@given(FEW_LETTERS, LETTERS)
def test_a_new_word_is_cut_as_the_library_cuts_it(text, word):
    ours, _ = raw_merges(text + " a b c", "characters", 20)
    tokeniser = training.learnt.__wrapped__("bpe", text + " a b c", 20)
    assert maths.merged(f" {word}", ours) == tokenise(tokeniser, word).tokens


@quick
@given(FEW_LETTERS, LETTERS)
def test_the_longest_match_is_the_librarys(text, word):
    tokeniser = training.learnt.__wrapped__("wordpiece", text, 10)
    assert maths.longest_match(word, set(tokeniser.vocabulary)) == tokenise(tokeniser, word).tokens


@quick
@given(FEW_LETTERS)
def test_the_library_learns_wordpiece_by_counts_too(text):
    occurrences = Counter(text.split())
    cuts = {word: (word[0], *(f"##{letter}" for letter in word[1:])) for word in occurrences}
    counts = maths.count_pairs(cuts, occurrences)
    most = max(counts.values(), default=0)
    winners = {a + b.removeprefix("##") for (a, b), count in counts.items() if count == most >= 2}
    letters = {*"".join(occurrences)} | {symbol for cut in cuts.values() for symbol in cut}
    learnt = {*training.learnt.__wrapped__("wordpiece", text, 1).vocabulary} - letters - {training.UNKNOWN}
    assert len(learnt) == bool(winners) and learnt <= winners


@quick
@given(LETTERS)
def test_the_likeliest_cut_is_as_likely_as_the_librarys(word):
    tokeniser = training.learnt("unigram", "cab abc bca aab bbc cca abcabc cabcab aaabbb " * 3, 20)
    log_p = training.log_probabilities(tokeniser)
    best, cut = maths.likeliest_cut(f" {word}", log_p)
    assert "".join(cut) == f" {word}"
    theirs = sum(log_p[token] for token in tokenise(tokeniser, word).tokens)
    assert best == pytest.approx(sum(log_p[piece] for piece in cut)) == pytest.approx(theirs, abs=1e-6)


def test_what_cannot_be_cut_has_no_probability():
    assert maths.likeliest_cut("ax", {"a": -1.0}) == (-math.inf, ())
    assert maths.longest_match("ax", {"a", "##b"}) == ("[UNK]",)


def test_characters_are_what_a_reader_sees():
    assert maths.graphemes(FAMILY) == [FAMILY]
    assert maths.graphemes("cafe\u0301") == ["c", "a", "f", "e\u0301"]
    assert maths.utf8("\u660e") == [0xE6, 0x98, 0x8E]  # U+660E, from the Unicode charts
    assert maths.words("Two caf\u00e9s, " + FAMILY) == ["Two", "caf\u00e9s", ",", FAMILY]


@quick
@given(st.text(max_size=60))
def test_each_unit_holds_the_whole_text(text):
    text = text.encode("utf-8", "ignore").decode("utf-8")
    cut = steps.in_units(text)
    assert "".join(cut["graphemes"].tokens) == "".join(cut["code_points"].tokens) == text
    assert bytes(int(token[3:5], 16) for token in cut["bytes"].tokens) == text.encode("utf-8")
    for name in ("graphemes", "code_points", "words"):
        assert [text[start:end] for start, end in cut[name].spans] == [*cut[name].tokens]


@pytest.mark.parametrize("base", BASES)
def test_the_steps_replay_to_what_the_library_cuts(base):
    found = merging.merging(TEXT, base, 12)
    words = list(found.words)
    for count, step in enumerate(found.rounds, start=1):
        for word, cut in step.changed:
            assert step.made in cut
            words[word] = cut
        tokeniser = training.learnt("bpe", TEXT, count, base)
        assert step.tokens == sum(len(words[word]) for word in found.order) == len(tokenise(tokeniser, TEXT).tokens)
        assert step.size == len(tokeniser.vocabulary) - 1, "the library counts its [UNK] too"
        assert [token for word in found.order for token in words[word]] == [*tokenise(tokeniser, TEXT).tokens]
    assert "".join("".join(words[word]) for word in found.order) == f" {TEXT}"


def test_a_writing_without_spaces_gets_none_in_front():
    assert training.cut_into_words("\u5b66\u751f", "characters") == ["\u5b66\u751f"]
    assert training.cut_into_words("the \u5b66", "characters") == [" the", " \u5b66"]
    assert training.cut_into_words("the", "characters", "\u5b66\u751f") == ["the"]


def test_counts_are_what_a_search_for_the_pair_finds():
    found = merging.merging(TEXT, "characters", 5)
    first = found.rounds[0]
    assert first.count == f" {TEXT}".count("".join(first.pair)) == sum(n * times for n, times in found.first)
    for step in found.rounds:
        counts = [count for _, count in step.rivals]
        assert counts == sorted(counts, reverse=True) and step.rivals[0] == (step.pair, step.count)


@pytest.mark.parametrize("text", ["a", "ab", "\u660e", FAMILY, "a" * 2000, *(t for t in SHORT if t.strip())])
def test_any_text_can_be_learnt_from(text):
    text = " ".join(text.encode("utf-8", "ignore").decode("utf-8").split()) or "a"
    for kind in KINDS:
        for pieces in (0, 60):
            assert training.learnt(kind, text, pieces).vocabulary
    for base in BASES:
        found = merging.merging(text, base)
        assert found.tokens >= len(found.order)


def test_a_unigram_model_is_learnt_the_same_way_twice_but_for_ties():
    once, again = (training.log_probabilities(training.learnt.__wrapped__("unigram", TEXT, 20)) for _ in range(2))
    assert once == pytest.approx(again, abs=1e-3)


def test_costs_are_those_of_the_tokenisers_themselves():
    tokenisers = [load_tokeniser(name) for name in ("meadow-gpt", "minilm")]
    texts = [one.text for one in steps.sentences()]
    counts, unknown = steps.costs(tokenisers, texts)
    for row, text in enumerate(texts):
        for column, one in enumerate(tokenisers):
            ids = one.tokenizer(text, add_special_tokens=False)["input_ids"]
            assert counts[row, column] == len(ids)
            assert unknown[row, column] == sum(token == one.unknown for token in ids)
    assert len({one.language for one in steps.sentences()}) == len(texts) == 8


def test_rows_move_to_their_new_ids():
    table, new_ids = torch.arange(12.0).reshape(4, 3), torch.tensor([2, 0, 3, 1])
    torch.testing.assert_close(maths.moved_rows(table, new_ids)[new_ids], table)


@pytest.fixture(params=["meadow", "tied", "untied"])
def any_model(request, tmp_path):
    if request.param == "meadow":
        return load("meadow-gpt")
    folder = models.gpt2(tmp_path / "gpt2")
    model = load(str(folder))
    if request.param == "untied":
        network = copy.deepcopy(model.network)
        network.lm_head = torch.nn.Linear(32, len(models.WORDS))  # a table of its own, with a bias
        torch.nn.init.normal_(network.lm_head.bias)
        from dataclasses import replace

        model = replace(model, network=network)
    return model


def test_new_ids_change_nothing_when_the_rows_go_along_and_much_when_they_stay(any_model):
    run = trace(any_model, "the dogs near the tree")
    before = {name: tensor.clone() for name, tensor in any_model.network.state_dict().items()}
    along, stay = (permuting.permuted(any_model, run, rows_too) for rows_too in (True, False))
    assert (along.new_ids == stay.new_ids).all() and (along.new_ids != run.token_ids).any()
    assert permuting.largest_difference(run, along) < 1e-6
    assert permuting.largest_difference(run, stay) > 1e-3
    assert along.rows_read == run.tokens
    assert stay.rows_read == tuple(any_model.vocabulary[token] for token in stay.new_ids)
    for name, tensor in any_model.network.state_dict().items():
        assert torch.equal(tensor, before[name]), "the shared network must stay as it is"


def test_a_large_network_is_not_copied(monkeypatch):
    model = load("meadow-gpt")
    monkeypatch.setattr(permuting, "LARGEST_COPY", model.parameters - 1)
    assert permuting.permuted(model, trace(model, "the dogs"), rows_too=True) is None
