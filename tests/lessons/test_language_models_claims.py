"""What the language models lesson says of its texts, of Meadow and of the networks, computed again."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest

from lessons import LANGUAGES, checks, language_models, read
from lessons.language_models import counting, cutting, hidden, likelihood, looking, maths, seven, surprise
from model_utils import Model, load, trace
from model_utils.decoding import next_token_distribution
from model_utils.meadow import END, is_meadow, log_probability, next_word_probabilities, sample_texts
from model_utils.training import kneser_ney

SEED = 1  # of the dice, on an untouched page
words = {language: read("language_models", language).labels for language in LANGUAGES}
texts = {language: cutting.sentences(words[language]["own_default"]) for language in LANGUAGES}


@pytest.mark.parametrize(
    ("language", "last", "times", "word", "of_them"), [("en", "the", 29, "dog", 8), ("zh", "在", 5, "火", 3)]
)
def test_the_first_count(language, last, times, word, of_them):
    beginning = words[language]["counting_own"].split("|")[0]
    found = counting.next_words(counting.counted(texts[language], 2), beginning, "none", 1.0)
    flat = [each for text in texts[language] for each in text]
    assert found.history == last and flat.count(last) == times == found.counts.sum()
    assert found.vocabulary[found.best] == word
    assert sum(pair == (last, word) for pair in itertools.pairwise(flat)) == of_them


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_grams_copy_and_unigrams_write_a_heap(language):
    written = {n: counting.write(counting.counted(texts[language], n), SEED) for n in counting.LENGTHS}
    assert written[5].copied == written[5].words > 10, "all of it stands in the text"
    assert written[1].words > 10 and written[1].copied <= 2
    assert written[1].copied < written[2].copied < written[2].words
    many = [counting.write(counting.counted(texts[language], 5), seed) for seed in range(21)]
    assert np.mean([each.copied / each.words for each in many]) > 0.85, "nearly word for word, whatever the dice"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_that_breaks_it_has_one_unseen_pair(language):
    sentence = words[language]["smoothing_own"].split("|")[0]
    found = surprise.of_source("own", texts[language], 2, sentence, 1.0)
    assert not found.unknown and np.isinf(found.bits[0]).sum() == 1
    assert found.words[int(np.isinf(found.bits[0]).argmax())] == {"en": "ran", "zh": "跑"}[language]
    assert found.perplexities["none"] == math.inf > found.perplexities["add_k"] > found.perplexities["kneser_ney"]
    seen = {"en": ["The cat sat", "The cat looked", "the cat came"], "zh": ["猫坐", "猫望", "猫也"]}[language]
    assert all(each in words[language]["own_default"] for each in seen)


def test_the_default_history_has_its_top_at_the_count():
    found = likelihood.likelihood(counting.counted(texts["en"], 2), likelihood.histories(texts["en"])[0])
    assert (found.history, found.counts[found.moved], found.total) == ("the", 8, 29)


def test_three_in_ten_runs_of_five_words_are_new_in_a_language_of_640():
    shares = counting.meadow_unseen()
    assert shares[-1, -1] == pytest.approx(0.3, abs=0.02) and shares[-1, 0] < 0.005
    assert counting.SAMPLE_SIZES[-1] == language_models.SAMPLE == 3000
    assert len(seven.VOCABULARY) - 1 == 640


def test_upon_is_frequent_and_only_ever_follows_once():
    bigrams = counting.of_meadow(2)
    before = {context for context, after in bigrams.tables[1].items() if "upon" in after}
    assert before == {("Once",)} and bigrams.tables[1]["Once",]["upon"] > 400
    assert bigrams.tables[0][()]["upon"] == 1, "after one different word"
    counts = np.array([bigrams.tables[1].get(("the",), {}).get("upon", 0)])
    assert counts.sum() == 0
    place = seven.VOCABULARY.index("upon")
    after_the = counting.distribution(bigrams, ("the",), "kneser_ney", 0.0, seven.VOCABULARY)
    alone = counting.distribution(counting.of_meadow(1), (), "none", 0.0, seven.VOCABULARY)
    assert after_the[place] < alone[place] / 50


def test_states_of_the_untouched_page_open_sentences_and_end_them():
    model = hidden.of_meadow(10, 0)
    order, _ = hidden.top_words(model, 5)
    shown = [{model.vocabulary[word] for word in row} for row in order]
    assert any({"The", "Once"} <= row for row in shown) and any({END, "One", "Then"} <= row for row in shown)
    assert (np.diff(model.bits) < 0).all(), "it rises with every round"
    assert order.tolist() != hidden.top_words(hidden.of_meadow(10, 1), 5)[0].tolist(), "other dice, other states"


def test_the_hidden_model_beside_the_others_has_learnt_from_760_documents():
    assert language_models.HIDDEN_STATES == 24
    tokens = np.cumsum([len(text) for text in counting.meadow_texts(3000, language_models.SAMPLE_SEED)])
    assert int((tokens <= hidden.MOST_TOKENS).sum()) == pytest.approx(760, abs=5)
    assert hidden.of_meadow(24, 0).tokens == tokens[tokens <= hidden.MOST_TOKENS][-1]


def test_the_trigram_guesses_what_stood_after_two_words_and_the_truth_is_even():
    found = seven.from_counts(language_models.SENTENCE)
    after = Counter(
        text[at + 2]
        for text in counting.meadow_texts(3000, language_models.SAMPLE_SEED)
        for at in range(len(text) - 2)
        if text[at : at + 2] == ("tree", "are")
    )
    assert sum(after.values()) == len(after) == 4
    assert {seven.VOCABULARY[place] for place in np.argsort(-found["trigram"])[:4]} == set(after)
    truth = next_word_probabilities(language_models.SENTENCE)
    assert len(truth) == 20 and set(truth.values()) == {truth["hungry"]}
    shown = seven.likeliest(found | {"truth": seven.from_truth(language_models.SENTENCE)})
    assert set(after) <= set(shown.words), "the four are drawn"


def test_the_trigram_cannot_see_as_far_as_dog_and_nonsense_silences_the_truth_alone():
    one, nonsense = "The dog near the tree", language_models.SIDE_BY_SIDE[-1]
    assert one in language_models.SIDE_BY_SIDE
    assert seven.VOCABULARY[int(seven.from_counts(one)["trigram"].argmax())] == "are"
    assert "are" not in next_word_probabilities(one)
    assert not is_meadow(nonsense) and seven.from_truth(nonsense) is None and not seven.strangers(nonsense)
    assert all(probs.sum() == pytest.approx(1) and probs.min() > 0 for probs in seven.from_counts(nonsense).values())


@pytest.fixture(scope="module")
def bits() -> dict[str, float]:
    return seven.counted_bits(lambda *progress: None)


def test_the_bits_of_the_counted_models_are_the_references(bits):
    """By the tested Kneser-Ney over ids, by the texts' exact probabilities, and one text at a time."""
    ids = {word: place for place, word in enumerate(seven.VOCABULARY)}
    train = [[ids[word] for word in text] for text in counting.meadow_texts(3000, language_models.SAMPLE_SEED)]
    held = counting.held_out()
    for name, n in seven.COUNTED.items():
        model = kneser_ney.learn(train, n, len(ids))
        nats = np.concatenate([kneser_ney.surprisals(model, [ids[word] for word in text]) for text in held])
        assert bits[name] == pytest.approx(nats.mean() / math.log(2))
    states = hidden.of_meadow(24, 0)
    each = [maths.forward(states.pi, states.A, states.B.T[[ids[word] for word in text]])[1] for text in held]
    assert bits["hmm"] == pytest.approx(maths.surprise(np.concatenate(each)).mean())
    exact = [log_probability(text) for text in sample_texts(language_models.HELD_OUT, language_models.HELD_OUT_SEED)]
    assert bits["truth"] == pytest.approx(-sum(exact) / math.log(2) / sum(map(len, held)))


def test_each_longer_history_helps_and_the_hidden_states_stay_behind_the_bigram(bits, meadow):
    transformer = seven.network_bits(meadow, lambda *progress: None)
    assert bits["unigram"] > bits["hmm"] > bits["bigram"] > bits["trigram"] > transformer > bits["truth"] > 1
    assert transformer - bits["truth"] < 0.05
    one = counting.held_out()[0]
    run = trace(meadow, " ".join(one[:-1]).replace(" .", ".").replace(" ,", ",").replace(" ?", "?").replace(" :", ":"))
    assert len(run.tokens) == len(one), "every word is one token, END stands in front"


@pytest.fixture(scope="module")
def lstm() -> Model:
    return load("meadow-rnn")


def test_the_lstm_stands_between_the_trigram_and_the_transformer(bits, meadow, lstm):
    lost = {model.id: seven.network_bits(model, lambda *progress: None) for model in (meadow, lstm)}
    assert bits["trigram"] - 1 > lost["meadow-rnn"] > lost["meadow-gpt"] + 0.05
    assert all(model.parameters == pytest.approx(1.1e6, rel=0.05) for model in (meadow, lstm))
    for name in lost:
        assert looking.documents_read(looking.training(name)) > 100 * language_models.SAMPLE, "far more"


def test_the_list_tells_the_two_networks_apart(meadow, lstm):
    text = next(each for each in language_models.SIDE_BY_SIDE if each.startswith("List:"))
    assert next_word_probabilities(text) == {"bell": 1.0} and text.endswith("kite")
    probs = {model.id: seven.from_network(trace(model, text), model.vocabulary) for model in (meadow, lstm)}
    place = seven.VOCABULARY.index("bell")
    assert probs["meadow-gpt"][place] > 0.9 and probs["meadow-rnn"][place] < 0.25
    assert probs["meadow-rnn"].argmax() != place


def test_a_text_that_nobody_wrote_is_answered_right(meadow):
    text = language_models.LOOKED_UP[0]
    found = looking.looked_up(text)
    assert found.times[-1] == 0 and found.longest < 5
    assert looking.expected_in_training(text) < 0.01
    assert next_word_probabilities(text) == {"bell": 1.0}
    run = trace(meadow, text)
    probs = dict(zip(meadow.vocabulary, next_token_distribution(run.logits[-1]), strict=True))
    assert probs[" bell"] > 0.99
    assert seven.from_counts(text)["trigram"][seven.VOCABULARY.index("bell")] < 0.1
    marks = looking.fingerprints(meadow, text)
    assert marks.before == marks.after and marks.numbers == meadow.parameters


def test_a_fingerprint_notices_one_weight(models_on_disk):
    import torch

    model = models_on_disk["gpt2"]
    before = looking.fingerprints(model, "the dogs").after
    weight = model.network.transformer.wte.weight
    with torch.no_grad():
        weight[0, 0] += 1e-3
        changed = looking.fingerprints(model, "the dogs").before
        weight[0, 0] -= 1e-3
    assert changed != before


def test_the_task_can_be_solved_with_one_word_that_the_trigram_cannot_see(meadow):
    goal = next(check.goal for check in checks("language_models", "en") if check.goal)
    solved = goal.start.replace("Santiago", "Paris")
    for text, country in ((goal.start, "Chile"), (solved, goal.word)):
        probs = dict(zip(meadow.vocabulary, next_token_distribution(trace(meadow, text).logits[-1]), strict=True))
        assert probs[f" {country}"] > goal.at_least and next_word_probabilities(text) == {country: 1.0}
        assert seven.VOCABULARY[int(seven.from_counts(text)["trigram"].argmax())] == "Chile", "right, then wrong"
