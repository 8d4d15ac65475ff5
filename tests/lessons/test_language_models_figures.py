"""The figures of the language models lesson hold what was computed another way."""

import itertools
import json
from collections import Counter

import numpy as np
import pytest

from lessons import LANGUAGES, read
from lessons.figures import labels
from lessons.language_models import (
    SAMPLE,
    SAMPLE_SEED,
    counting,
    cutting,
    figures,
    formula,
    hidden,
    likelihood,
    looking,
    moving,
    seven,
    surprise,
)
from lessons.numbers import latex
from model_utils.meadow import END, sample_texts, tokenize

TEXT = "The cat sat. The cat ran. The dog sat by the cat. A cat!"
TEXTS = cutting.sentences(TEXT)
words = pytest.fixture(params=LANGUAGES)(lambda request: read("language_models", request.param).labels)


def test_the_bars_of_the_next_word_are_the_counts(words):
    found = counting.next_words(counting.counted(TEXTS, 2), "by the cat", "none", 1.0)
    assert found.history == "cat" and found.counts.sum() == TEXT.count("cat")
    drawn = figures.next_figure(found.vocabulary, found.probs, words, "light").data[0]
    after = Counter(TEXT.replace(".", " .").replace("!", " !").split()[place + 1] for place, word in
                    enumerate(TEXT.replace(".", " .").replace("!", " !").split()) if word == "cat")  # fmt: skip
    for word, value in zip(found.vocabulary, found.probs, strict=True):
        assert value == pytest.approx(after.get(word, 0) / 4)
    assert sorted(drawn.x, reverse=True)[: len(after)] == pytest.approx([n / 4 for _, n in after.most_common()])
    assert sum(drawn.x) == pytest.approx(1)


@pytest.mark.parametrize("way", counting.SMOOTHINGS)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_formula_holds_the_learners_numbers(way, n):
    found = counting.next_words(counting.counted(TEXTS, n), "The cat", way, 0.5)
    assert found.probs.sum() == pytest.approx(1)
    written = formula.worked(found, way, 0.5)
    assert latex(found.probs[found.best]) in written and latex(found.counts[found.best]) in written
    never = counting.next_words(counting.counted(TEXTS, 4), "dog dog dog", way, 0.5)
    assert never.counts.sum() == 0 and formula.worked(never, way, 0.5).startswith("P")


def test_what_is_kept_of_a_count_and_what_the_shorter_history_adds_make_the_probability():
    found = counting.next_words(counting.counted(TEXTS, 2), "The", "kneser_ney", 1.0)
    ours = counting.counted(TEXTS, 2)
    D, below = ours.D[1], counting.distribution(ours, (), "kneser_ney", 1.0, found.vocabulary)
    c, total = found.counts[found.best], found.counts.sum()
    gamma = sum(D[min(int(each), 3)] for each in found.counts) / total
    assert found.probs[found.best] == pytest.approx((c - D[min(int(c), 3)]) / total + gamma * below[found.best])
    assert latex(below[found.best]) in formula.worked(found, "kneser_ney", 1.0)


def test_the_unseen_shares_are_those_of_a_search_through_the_text(words):
    train, held = counting.split(tuple((*tokenize(text), END) for text in sample_texts(25, 1)))
    shares = counting.unseen(train, held)
    lines = ["".join(f"<{word}>" for word in (*[END] * 4, *text)) for text in train]
    for n, share in enumerate(shares, start=1):
        asked = [(*[END] * (n - 1), *text)[at : at + n] for text in held for at in range(len(text))]
        missing = ["".join(f"<{word}>" for word in gram) for gram in asked]
        assert share == pytest.approx(np.mean([all(gram not in line for line in lines) for gram in missing]))
    assert (np.diff(shares) >= 0).all(), "a longer run can only be rarer"
    figure = figures.unseen_figure((3,), shares[None], shares / 2, words, "dark")
    np.testing.assert_array_equal(figure.data[0].y, shares / 2)
    np.testing.assert_array_equal(figure.data[1].y, shares)


def test_the_table_of_surprises_holds_every_finite_number_and_says_infinity(words):
    found = surprise.surprises(counting.counted(TEXTS, 2), ("The", "dog", "ran"), 1.0)
    cells = figures.surprises_figure(found, words, "light").data[0]
    for row, column in itertools.product(range(4), range(3)):
        bits = found.bits[column, row]
        assert (cells.text[row][column] == "∞") == np.isinf(bits)
        assert np.isinf(bits) or cells.z[row][column] == bits
    assert "∞" in surprise.in_words(found, words)
    assert latex(found.perplexities["kneser_ney"]) in formula.perplexity(found.bits[-1])


def test_each_moment_of_the_likelihood_is_one_probability_and_its_likelihood(words):
    found = likelihood.likelihood(counting.counted(TEXTS, 2), "cat")
    figure = moving.likelihood_figure(found, words, "light")
    assert len(figure.frames) == len(found.probs) == len(figure.layout.sliders[0].steps)
    for frame, row, p, bits in zip(figure.frames, found.rows, found.probs, found.bits, strict=True):
        np.testing.assert_allclose(frame.data[0].y, row)
        assert frame.data[0].y[found.moved] == pytest.approx(p) and sum(frame.data[0].y) == pytest.approx(1)
        assert (frame.data[1].x[0], frame.data[1].y[0]) == (p, bits)
    assert figure.layout.sliders[0].active == found.best == int(np.argmax(figure.data[1].y))
    assert latex(found.probs[found.best]) in formula.likelihood(found)


@pytest.fixture(scope="module")
def model():
    return hidden.learn(tuple((*tokenize(text), END) for text in sample_texts(40, 3)), 4, 0)


@pytest.mark.parametrize("way", ["forward", "viterbi"])
def test_the_trellis_grows_word_by_word_and_its_path_is_followed_back(model, words, way):
    text = model.vocabulary[1:7]
    found = hidden.trellis(model, text)
    figure = moving.trellis_figure(found, way, words, "dark")
    T, K = found.alpha.shape
    assert len(figure.frames) == (T if way == "forward" else 2 * T)
    for step, frame in enumerate(figure.frames):
        _, states, path = frame.data
        sizes = np.array(states.marker.size).reshape(T, K)
        now = min(step, T - 1)
        assert (sizes[now + 1 :] == 0).all() and (sizes[: now + 1].max(axis=1) > 0).all()
        values = np.array(states.customdata).reshape(T, K)
        if way == "forward":
            np.testing.assert_allclose(values[: now + 1], found.alpha[: now + 1], rtol=1e-6, atol=1e-30)
        back = 0 if way == "forward" else max(0, step - T + 1)
        known = [int(y) for y in path.y if not np.isnan(y)]
        assert known == list(found.path[T - back :] if back else [])
    np.testing.assert_array_equal(figure.data[2].x.reshape(T, K), np.arange(T)[:, None].repeat(K, axis=1))
    np.testing.assert_array_equal(figure.data[2].y.reshape(T, K)[0], np.arange(K))
    if way == "viterbi":
        edges = np.array([figure.frames[-1].data[0].x, figure.frames[-1].data[0].y]).T.reshape(-1, 3, 2)[:, :2]
        drawn = {(*map(int, start), *map(int, end)) for start, end in edges}
        assert drawn == {(t - 1, found.came_from[t, j], t, j) for t in range(1, T) for j in range(K)}
    place, state = 3, int(found.alpha[3].argmax())
    assert latex(found.alpha[place, state]) in formula.forward_step(found, model.A, place, state)
    assert latex(found.alpha[0].max()) in formula.forward_step(found, model.A, 0, int(found.alpha[0].argmax()))


def test_rounds_and_states_are_the_models_own(model, words):
    drawn = figures.rounds_figure(model, words, "light").data[0]
    np.testing.assert_array_equal(drawn.y, -model.bits)
    cells = figures.states_figure(model, words, "light").data[0]
    for state in range(4):
        assert cells.z[state][0] == model.B[state].max()
        top = model.vocabulary[int(model.B[state].argmax())]
        assert cells.text[state][0] == (words["end"] if top == END else labels([top])[0])


def test_the_panels_hold_each_models_own_probabilities_and_sum_to_one(words):
    found = seven.from_counts("The dogs near the tree are") | {"truth": seven.from_truth("The dogs near the tree are")}
    for name, probs in found.items():
        assert probs.sum() == pytest.approx(1), name
    shown = seven.likeliest(found)
    figure = figures.seven_figure(shown, words, "light")
    assert [bar.name for bar in figure.data] == [words[name] for name in found]
    for bar, probs in zip(figure.data, found.values(), strict=True):
        places = [seven.VOCABULARY.index(word) for word in shown.words]
        np.testing.assert_allclose(bar.x[:-1], probs[places])
        assert bar.x.sum() == pytest.approx(1) and probs.argmax() in places
    bits = {"unigram": 7.0, "truth": 1.0}
    np.testing.assert_array_equal(figures.bits_figure(bits, words, "dark").data[0].x, [7.0, 1.0])


def test_endings_are_counted_as_a_search_through_the_sample_counts_them(words):
    text = "Kate has the cake. Who has the"
    found = looking.looked_up(text)
    spaced = [" ".join(("", *tokenize(line), "")) for line in sample_texts(SAMPLE, SAMPLE_SEED)]
    said = tokenize(text)
    for length, times in enumerate(found.times, start=1):
        wanted = " ".join(("", *said[-length:], ""))
        assert times == sum(line.count(wanted) for line in spaced)
    drawn = figures.looked_up_figure(found.runs, found.times, words, "light").data[0]
    np.testing.assert_array_equal(drawn.x[:-1], found.times[: len(drawn.x) - 1])
    assert drawn.x[-1] == found.times[-1]


def test_what_a_network_read_is_counted_from_its_card():
    card = json.loads((looking.WEIGHTS / "meadow-gpt" / "card.json").read_text(encoding="utf-8"))
    documents = card["training"]["tokens"] / (card["measured"]["tokens"] / card["measured"]["documents"])
    assert looking.documents_read(card["training"]) == pytest.approx(documents, rel=0.05)
    sure = looking.expected_in_training("Once upon a time")
    assert sure == pytest.approx(looking.documents_read(card["training"]) * stories(), rel=0.1)
    assert looking.expected_in_training("The penguin") is None


def stories() -> float:
    """The share of documents that open like a story, among 3,000."""
    return np.mean([text.startswith("Once upon a time") for text in sample_texts(3000, 8)])
