"""The lesson on masked words: its maths equals PyTorch's and Hugging Face's, its steps what they claim to be."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from transformers import BertForMaskedLM

from lessons import masked_words
from lessons.masked_words import everything, maths, pairs, recipe, steps
from model_utils import Model, OwnMask, Trace, load, trace
from model_utils.meadow import NotMeadow, next_word_probabilities, word_surprisals
from model_utils.reading import read
from tests.lessons.masked_bert import masked_bert

T, V = 6, 11
ONE, TWO = "The dogs near the tree [MASK] hungry.", "A duck [MASK] [MASK]."


@pytest.fixture(scope="module")
def bert(tmp_path_factory) -> Model:
    return load(str(masked_bert(tmp_path_factory.mktemp("bert") / "bert")))


@pytest.fixture
def logits() -> torch.Tensor:
    return 3 * torch.randn(T, V, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def run(bert) -> Trace:
    return trace(bert, ONE)


def by_hand(model: Model, text: str) -> torch.Tensor:
    """Logits (T, V) of another road: transformers' own class, opened again, eager attention."""
    network = BertForMaskedLM.from_pretrained(model.id, attn_implementation="eager").eval()
    ids = model.tokenizer(text, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        return network(input_ids=ids).logits[0]


def test_probabilities_and_losses_are_pytorchs(logits):
    ids = torch.tensor([3, 1, 4, 1, 5, 9])
    torch.testing.assert_close(maths.word_probabilities(logits), logits.softmax(-1))
    torch.testing.assert_close(maths.losses(logits, ids), F.cross_entropy(logits, ids, reduction="none"))


def test_the_masked_loss_is_what_hugging_face_reports(bert):
    """Labels of -100 everywhere but at the chosen places."""
    ids = torch.tensor(read(bert, "The dogs near the tree are hungry .").ids)
    chosen = torch.zeros(len(ids), dtype=torch.bool)
    chosen[[2, 6]] = True
    spoilt = torch.where(chosen, bert.tokenizer.mask_token_id, ids)
    labels = torch.where(chosen, ids, -100)
    network = BertForMaskedLM.from_pretrained(bert.id).eval()
    expected = network(input_ids=spoilt[None], labels=labels[None]).loss.detach()
    ours = maths.masked_loss(steps.run_ids(bert, spoilt[None])[0], ids, chosen)
    torch.testing.assert_close(ours, expected, atol=1e-5, rtol=1e-5)


@given(st.integers(1, 12), st.integers(0, 10_000), st.floats(0.05, 1.0))
def test_the_recipe_spoils_chosen_places_only(length, seed, share):
    ids, mask, words = np.arange(100, 100 + length), 7, np.arange(200, 300)
    real = np.ones(length, dtype=bool)
    thrown = recipe.draw(ids, real, share, seed, mask, words)
    assert thrown.chosen.sum() == max(1, round(share * length))
    np.testing.assert_array_equal(thrown.read[thrown.fates == 0], ids[thrown.fates == 0])
    assert (thrown.read[thrown.fates == 1] == mask).all()
    assert np.isin(thrown.read[thrown.fates == 2], words).all()
    np.testing.assert_array_equal(thrown.read[thrown.fates == 3], ids[thrown.fates == 3])


def test_the_shares_of_the_recipe_are_those_of_the_paper():
    """8 : 1 : 1, over ten thousand chosen places; what the tokenizer put there is never chosen."""
    ids, real = np.arange(10), np.array([False, *[True] * 8, False])
    fates = [recipe.draw(ids, real, 1.0, seed, 99, np.arange(50, 60)).fates for seed in range(1250)]
    assert (np.stack(fates)[:, [0, 9]] == 0).all()
    counts = Counter(np.stack(fates)[:, 1:9].ravel().tolist())
    shares = [counts[fate] / 10_000 for fate in (1, 2, 3)]
    np.testing.assert_allclose(shares, [0.8, 0.1, 0.1], atol=0.012)


def test_a_place_is_chosen_as_often_as_any_other():
    ids, real = np.arange(20), np.ones(20, dtype=bool)
    chosen = np.stack([recipe.draw(ids, real, 0.15, seed, 99, ids).chosen for seed in range(3000)])
    np.testing.assert_allclose(chosen.mean(axis=0), 0.15, atol=0.025)


def test_what_a_sentence_teaches_is_what_the_network_says(bert):
    text = "The dogs near the tree are hungry ."
    taught = recipe.taught(bert, text, 0.5, 3)
    again = recipe.draw(
        np.array(read(bert, text).ids), np.array([False, *[True] * 8, False]), 0.5, 3, 4, np.arange(5, 26)
    )
    reading = torch.from_numpy(again.read)[None]
    network = BertForMaskedLM.from_pretrained(bert.id, attn_implementation="eager").eval()
    with torch.no_grad():
        logits = network(input_ids=reading).logits[0]
    expected = F.cross_entropy(logits, torch.tensor(read(bert, text).ids), reduction="none")[1:-1].numpy()
    np.testing.assert_allclose(taught.losses, expected, atol=1e-4)
    assert taught.read == tuple(bert.vocabulary[i] for i in again.read[1:-1])
    assert taught.guesses == tuple(bert.vocabulary[i] for i in logits.argmax(-1)[1:-1])
    assert taught.loss == pytest.approx(expected[taught.fates > 0].mean(), abs=1e-4)
    assert taught.loss_everywhere == pytest.approx(expected.mean(), abs=1e-4)


def test_a_gap_holds_what_the_network_says_there(bert, run):
    (place,) = steps.gap_places(run.token_ids, bert.tokenizer.mask_token_id)
    expected = by_hand(bert, ONE)[place].double().softmax(-1).numpy()
    np.testing.assert_allclose(steps.probs_at(run, place), expected, atol=1e-5)
    merged = steps.by_word(run.logits[place], bert.vocabulary)
    assert sum(merged.values()) == pytest.approx(1.0)
    assert merged["are"] == pytest.approx(expected[bert.vocabulary.index("are")], abs=1e-5)


@pytest.mark.parametrize(("text", "exact"), [
    (ONE, {"are": 0.7, "were": 0.3}),
    (masked_words.CAPITAL, {"Paris": 1.0}),
    (masked_words.FROM_THE_RIGHT, {"France": 1.0}),
])  # fmt: skip
def test_the_truth_of_a_gap_is_brute_force_over_all_words(text, exact):
    """Each word of the vocabulary is put into the gap, and the whole text's probability worked out from the left."""
    left = text.partition("[MASK]")[0].rstrip()
    masses = {word: _mass(text.replace("[MASK]", word)) for word in next_word_probabilities(left)}
    total = sum(masses.values())
    found = steps.truths(text)[0]
    assert found == pytest.approx({word: mass / total for word, mass in masses.items() if mass}, abs=1e-9)
    assert found == pytest.approx(exact, abs=1e-9)


def _mass(text: str) -> float:
    try:
        return float(np.exp(-np.sum(word_surprisals(text))))
    except NotMeadow:
        return 0.0


def test_the_truth_of_two_gaps_is_brute_force_over_all_pairs():
    firsts, seconds = ("can", "eats", "has", "lives"), ("swim", "seeds", "run", "meat", "fly")
    masses = {(v, u): _mass(f"A duck {v} {u}.") for v, u in product(firsts, seconds)}
    found, total = pairs.true_pairs(TWO), sum(masses.values())
    assert found == pytest.approx({words: mass / total for words, mass in masses.items() if mass}, abs=1e-9)
    assert pairs.true_pairs("Nobody [MASK] [MASK].") is None and pairs.true_pairs(ONE) is None


@pytest.mark.parametrize("text", ["[MASK] [MASK] [MASK] [MASK].", "Hello [MASK]", "no gap", "", "The dogs [MASK]"])
def test_where_no_truth_is_known_there_is_none(text):
    found = steps.truths(text)
    assert found is None or text == "The dogs [MASK]"


def test_two_gaps_are_what_two_runs_say(bert):
    found = pairs.pairs(bert, TWO, pairs.true_pairs(TWO))
    probs = by_hand(bert, TWO).softmax(-1)
    one, other = steps.gap_places(np.array(read(bert, TWO).ids), 4)
    ids = {word: bert.vocabulary.index(word) for word in (*found.rows, *found.columns)}
    for (i, v), (j, u) in product(enumerate(found.rows), enumerate(found.columns)):
        assert found.alone[i, j] == pytest.approx(float(probs[one, ids[v]] * probs[other, ids[u]]), abs=1e-5)
        given_first = by_hand(bert, TWO.replace("[MASK]", v, 1)).softmax(-1)[other, ids[u]]
        assert found.chained[i, j] == pytest.approx(float(probs[one, ids[v]] * given_first), abs=1e-5)
    each = tuple(bert.vocabulary[int(probs[place].argmax())] for place in (one, other))
    assert found.of_each.words == each and found.in_truth.truth == pytest.approx(0.5)
    assert found.in_turn.chained >= found.chained.max() - 1e-6


def test_every_cell_that_is_drawn_was_computed(bert, monkeypatch):
    """Even where the model would never try the true words, their cells hold what it gives them."""
    truth = pairs.true_pairs(TWO)
    monkeypatch.setattr(pairs, "CANDIDATES", 1)
    monkeypatch.setattr(pairs, "SECONDS", 1)
    found = pairs.pairs(bert, TWO, truth)
    assert {"can", "eats"} <= set(found.rows) and {"swim", "seeds"} <= set(found.columns)
    assert (found.alone > 0).all() and (found.chained > 0).all()
    assert found.in_truth.first > 0


def test_both_sides_and_the_left_are_four_columns_of_the_same_words():
    found = steps.sides({"a": 0.6, "b": 0.4}, {"c": 0.9, "a": 0.1}, {"a": 1.0}, None, k=1)
    assert found.words == ("a", "c")
    np.testing.assert_allclose(found.left, [0.6, np.nan])
    np.testing.assert_allclose(found.both, [0.1, 0.9])
    np.testing.assert_allclose(found.left_truth, [1.0, 0.0])
    assert found.both_truth is None


def test_where_a_gap_looks_adds_up(bert, run):
    shares = steps.looks(run, 6).shares
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-5)
    for layer, attention in enumerate(run.attentions):
        rows = attention.attn_weights[:, 6]  # (H, S)
        np.testing.assert_allclose(shares[layer, 0], rows[:, :6].sum(axis=1).mean(), atol=1e-5)
        np.testing.assert_allclose(shares[layer, 2], rows[:, 7:].sum(axis=1).mean(), atol=1e-5)


def test_with_the_right_side_hidden_the_words_there_change_nothing(bert):
    left = [trace(bert, f"The dogs near [MASK] {rest}", (OwnMask(steps.leftwards(9)),))
            for rest in ("tree are .", "duck can .")]  # fmt: skip
    np.testing.assert_allclose(left[0].logits[4], left[1].logits[4], atol=1e-5)
    open_runs = [trace(bert, f"The dogs near [MASK] {rest}") for rest in ("tree are .", "duck can .")]
    assert np.abs(open_runs[0].logits[4] - open_runs[1].logits[4]).max() > 1e-2


def test_writing_at_once_and_in_turn(bert):
    text, answers = "The [MASK] near [MASK] [MASK] are .", ("dogs", "the", "tree")
    told = []
    found = everything.write(bert, text, answers, lambda fraction, stage: told.append(fraction))
    probs = by_hand(bert, text)
    probs[:, 4] = -torch.inf
    probs = probs.softmax(-1)
    gaps = [2, 4, 5]
    assert [word for word in found.at_once.split() if word] == [
        "The", bert.vocabulary[int(probs[2].argmax())], "near", bert.vocabulary[int(probs[4].argmax())],
        bert.vocabulary[int(probs[5].argmax())], "are", ".",
    ]  # fmt: skip
    wanted = [float(probs[gap, bert.vocabulary.index(answer)]) for gap, answer in zip(gaps, answers, strict=True)]
    np.testing.assert_allclose(found.alone, wanted, atol=1e-5)
    surest = max(gaps, key=lambda gap: float(probs[gap].max()))
    place = gaps.index(surest)
    assert found.chained[place] == pytest.approx(wanted[place], abs=1e-5), "the first to be written knows no more"
    assert len(told) == 3 and "[MASK]" not in found.in_turn


def test_covering_everything_covers_every_word_once():
    assert sorted(everything.order(9, 4)) == list(range(9))
    assert everything.order(9, 4) != everything.order(9, 5)


def test_the_head_that_is_shown_looks_hardest_to_the_right(bert, run):
    layer, head = steps.telling_head(run, 6)
    hungry = np.stack([attention.attn_weights[:, 6, 7] for attention in run.attentions])  # (L, H)
    assert hungry[layer, head] == hungry.max(), "neither the full stop nor the closing token"
    end = trace(bert, "The dogs near the [MASK]")
    assert steps.telling_head(end, 5) == (0, 0), "nothing but the closing token stands there"
