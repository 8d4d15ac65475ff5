"""The language models lesson: its few lines equal Kneser-Ney's reference, and brute force over all paths of states."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.language_models import counting, cutting, hidden, likelihood, maths, surprise
from model_utils.meadow import END, sample_texts, tokenize
from model_utils.training import kneser_ney

TEXTS = tuple((*tokenize(text), END) for text in sample_texts(60, 3))
HELD = tuple((*tokenize(text), END) for text in sample_texts(8, 4))
VOCABULARY = cutting.vocabulary((*TEXTS, *HELD))
IDS = {word: place for place, word in enumerate(VOCABULARY)}  # END is 0


def test_meadow_is_cut_as_meadow_cuts_it_and_put_together_again():
    for text in sample_texts(300, 5):
        assert cutting.words(text) == tokenize(text) and cutting.written(tokenize(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't, Zoë.", ["I", "don't", ",", "Zoë", "."]),
        ("猫坐在火炉边。", list("猫坐在火炉边。")),
        ("我有2只cats！", ["我", "有", "2", "只", "cats", "！"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("ดี 👨‍👩‍👧 🇫🇷", ["ดี", "👨‍👩‍👧", "🇫🇷"]),
        (" \n\t", []),
    ],
)
def test_words_are_sensible_in_every_writing(text, expected):
    assert list(cutting.words(text)) == expected


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=200))
def test_cutting_loses_nothing_but_spaces_and_sentences_end_with_end(text):
    assert "".join("".join(cutting.words(text)).split()) == "".join(text.split())
    found = cutting.sentences(text)
    assert all(len(sentence) > 1 and sentence[-1] == END and END not in sentence[:-1] for sentence in found)
    assert [word for sentence in found for word in sentence[:-1]] == list(cutting.words(text))


def test_sentences_end_at_full_stops_and_lines():
    text = "One. Two two!\n三三。四\nFive"
    assert [len(sentence) - 1 for sentence in cutting.sentences(text)] == [2, 3, 3, 1, 1]
    assert max(map(len, cutting.sentences("word " * 1000))) == cutting.LONGEST_PIECE + 1


def fitted(n):
    return counting.counted(TEXTS, n, VOCABULARY)


def reference(n):
    return kneser_ney.learn([[IDS[word] for word in text] for text in TEXTS], n, len(VOCABULARY), start=IDS[END])


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_modified_kneser_ney_is_the_tested_implementation(n):
    ours, theirs = fitted(n), reference(n)
    for place, order in enumerate(theirs.orders):
        counts = np.sort([times for after in ours.tables[place].values() for times in after.values()])
        np.testing.assert_allclose(ours.D[place], kneser_ney.discounts(counts))
        assert len(order.grams) == len(counts)
    for text in HELD:
        grams = maths.ngrams(text, n)
        probs = [maths.kneser_ney(ours.tables, ours.D, gram[:-1], VOCABULARY) for gram in grams]
        np.testing.assert_allclose([row.sum() for row in probs], 1)
        came = -np.log([row[IDS[gram[-1]]] for row, gram in zip(probs, grams, strict=True)])
        np.testing.assert_allclose(came, kneser_ney.surprisals(theirs, [IDS[word] for word in text]))


def test_a_history_of_any_words_has_the_reference_distribution():
    ours, theirs = fitted(3), reference(3)
    for context in (("The", "capital"), ("capital", "The"), (END, "The"), (END, END)):
        expected = kneser_ney.probabilities(theirs, [IDS[word] for word in context])
        np.testing.assert_allclose(maths.kneser_ney(ours.tables, ours.D, context, VOCABULARY), expected)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_counts_are_those_of_a_walk_through_the_text(n):
    table = maths.count(TEXTS, n)
    walked = {}
    for text in TEXTS:
        for t in range(len(text)):
            before = tuple(text[i] if i >= 0 else END for i in range(t - n + 1, t))
            walked[before, text[t]] = walked.get((before, text[t]), 0) + 1
    assert walked == {(context, word): times for context, after in table.items() for word, times in after.items()}
    assert sum(walked.values()) == sum(map(len, TEXTS))


def test_add_k_and_no_smoothing_are_their_formulas():
    counts = np.array([3.0, 1, 0, 0])
    np.testing.assert_allclose(maths.most_likely(counts), [0.75, 0.25, 0, 0])
    np.testing.assert_allclose(maths.add_k(counts, 0.5), [3.5 / 6, 1.5 / 6, 0.5 / 6, 0.5 / 6])
    assert not maths.most_likely(np.zeros(4)).any(), "0 out of 0 has no answer"
    np.testing.assert_allclose(maths.add_k(np.zeros(4), 1.0), 0.25)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 30), min_size=2, max_size=6), st.integers(0, 5), st.floats(0.01, 0.99))
def test_the_count_is_the_top_of_the_likelihood(numbers, word, p):
    counts, word = np.array(numbers, dtype=float), word % len(numbers)
    own = maths.most_likely(counts)
    pushed = maths.moved(own, word, p)
    assert pushed.sum() == pytest.approx(1) and pushed[word] == p
    others = np.arange(len(own)) != word
    np.testing.assert_allclose(pushed[others] / pushed[others].sum(), own[others] / own[others].sum())
    loss = maths.log_likelihood(counts, own) - maths.log_likelihood(counts, pushed)
    assert loss >= -1e-9 and (loss > 1e-9 or abs(p - own[word]) < 1e-3)


def test_the_likelihood_is_that_of_the_words_multiplied_one_by_one():
    found = likelihood.likelihood(fitted(2), "the")
    assert found.best == int(found.bits.argmax()) and found.probs[found.best] == found.counts[found.moved] / found.total
    for at in (0, found.best, -1):
        row = dict(zip(found.words, found.rows[at], strict=True))
        product = math.fsum(
            math.log2(row[after]) for text in TEXTS for word, after in itertools.pairwise(text) if word == "the"
        )
        assert found.bits[at] == pytest.approx(product)
    left, right = np.diff(found.bits)[: found.best], np.diff(found.bits)[found.best :]
    assert (left > 0).all() and (right < 0).all(), "it rises up to the count and falls from there"


def test_surprise_and_perplexity():
    np.testing.assert_allclose(maths.surprise(np.array([1.0, 0.5, 0.125])), [0, 1, 3])
    assert np.isposinf(maths.surprise(np.array([0.0]))[0])
    assert maths.perplexity(np.full(7, math.log2(6))) == pytest.approx(6), "a die"
    assert maths.perplexity(np.array([1.0, np.inf])) == np.inf


def test_one_unseen_word_costs_everything_without_smoothing_and_nothing_infinite_with():
    found = surprise.surprises(fitted(2), ("The", "capital", "of", "zebras"), 1.0)
    none, added, kneser = found.bits
    assert np.isposinf(none).any() and np.isfinite(added).all() and np.isfinite(kneser).all()
    assert found.unknown == ("zebras",) and found.words[-1] == END
    values = found.perplexities
    assert values["none"] == np.inf and values["kneser_ney"] == pytest.approx(2 ** kneser.mean())


def small_model(seed, K=3, V=4):
    random = np.random.default_rng(seed)
    return random.dirichlet(np.ones(K)), random.dirichlet(np.ones(K), size=K), random.dirichlet(np.ones(V), size=K)


def every_path(pi, A, B, words):
    """All state paths with the probability of each and the words together: by enumeration."""
    for path in itertools.product(range(len(pi)), repeat=len(words)):
        p = pi[path[0]] * B[path[0], words[0]]
        for (i, j), word in zip(itertools.pairwise(path), words[1:], strict=True):
            p *= A[i, j] * B[j, word]
        yield path, p


WORDS = [2, 0, 3, 1, 1, 2]


@pytest.mark.parametrize("seed", range(4))
def test_forward_backward_and_viterbi_are_sums_and_maxima_over_all_paths(seed):
    pi, A, B = small_model(seed)
    emitted, paths = B.T[WORDS], list(every_path(pi, A, B, WORDS))
    total = math.fsum(p for _, p in paths)
    alpha, probs = maths.forward(pi, A, emitted)
    assert probs.prod() == pytest.approx(total)
    for t in range(len(WORDS)):
        so_far = list(every_path(pi, A, B, WORDS[: t + 1]))
        assert probs[: t + 1].prod() == pytest.approx(math.fsum(p for _, p in so_far))
        shares = [math.fsum(p for path, p in so_far if path[-1] == j) for j in range(3)]
        np.testing.assert_allclose(alpha[t], np.array(shares) / sum(shares))
    beta, real = maths.backward(A, emitted, probs), np.ones((len(WORDS), 1), dtype=bool)
    gamma, xi = maths.expected(A, emitted[:, None], real, alpha[:, None], beta[:, None], probs[:, None])
    for t, j in itertools.product(range(len(WORDS)), range(3)):
        assert gamma[t, 0, j] == pytest.approx(math.fsum(p for path, p in paths if path[t] == j) / total)
    steps = {(i, j): math.fsum(p * sum(pair == (i, j) for pair in itertools.pairwise(path)) for path, p in paths)
             for i, j in itertools.product(range(3), repeat=2)}  # fmt: skip
    np.testing.assert_allclose(xi, [[steps[i, j] / total for j in range(3)] for i in range(3)])
    best, p = max(paths, key=lambda pair: pair[1])
    delta, came_from = maths.viterbi(np.log(pi), np.log(A), np.log(emitted))
    assert tuple(maths.best_path(delta, came_from)) == best
    assert delta[-1].max() == pytest.approx(math.log(p))


def test_one_round_is_the_expected_counts_of_all_paths():
    """Texts of two lengths, side by side with padding: the new tables from enumerated paths, weighted and counted."""
    pi, A, B = small_model(7)
    texts = [[2, 0, 3, 1], [1, 1], [0, 2, 2, 3]]
    batch = np.full((4, 3), -1)
    for column, text in enumerate(texts):
        batch[: len(text), column] = text
    bits, (new_pi, new_A, new_B) = hidden.one_round(pi, A, B, [batch])
    first, step, said, total_bits = np.zeros(3), np.zeros((3, 3)), np.zeros((3, 4)), 0.0
    for text in texts:
        paths = list(every_path(pi, A, B, text))
        total = math.fsum(p for _, p in paths)
        total_bits -= math.log2(total)
        for path, p in paths:
            first[path[0]] += p / total
            for i, j in itertools.pairwise(path):
                step[i, j] += p / total
            for state, word in zip(path, text, strict=True):
                said[state, word] += p / total
    assert bits == pytest.approx(total_bits)
    np.testing.assert_allclose(new_pi, first / 3)
    np.testing.assert_allclose(new_A, step / step.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(new_B, said / said.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("seed", [0, 1])
def test_the_likelihood_rises_every_round_and_the_tables_stay_distributions(seed):
    model = hidden.learn(TEXTS, 5, seed)
    assert (np.diff(model.bits) <= 1e-9).all() and model.bits[-1] < model.bits[0] - 1
    for table in (model.pi[None], model.A, model.B):
        np.testing.assert_allclose(table.sum(axis=1), 1)
    assert model.B.min() > 0, "every word has its share"
    assert model.tokens == sum(map(len, TEXTS))


def test_the_next_word_of_the_hidden_states_is_the_ratio_of_two_sums_over_paths():
    model = hidden.learn(TEXTS[:20], 3, 0)
    text = model.vocabulary[1:5]
    ids = [model.vocabulary.index(word) for word in text]
    before = math.fsum(p for _, p in every_path(model.pi, model.A, model.B, ids))
    after = [math.fsum(p for _, p in every_path(model.pi, model.A, model.B, [*ids, word])) for word in range(6)]
    np.testing.assert_allclose(hidden.next_word(model, text)[:6], np.array(after) / before)
    assert hidden.next_word(model, text).sum() == pytest.approx(1)
    np.testing.assert_allclose(hidden.next_word(model, ()), model.pi @ model.B)
    skipped = hidden.trellis(model, (*text[:2], "submarine", *text[2:]))
    assert skipped.unknown == ("submarine",) and skipped.probs[2] == pytest.approx(1), "it tells nothing"
