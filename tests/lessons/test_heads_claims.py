"""What the heads lesson says of the models that come with the course, measured on their weights."""

import json

import numpy as np
import pytest
import torch

from lessons import checks, heads
from lessons.grading import grade
from lessons.heads import lists, output, steps, switching
from model_utils import HeadOff, Model, OwnMask, catalogue, trace
from model_utils.attention import Recording, recording
from model_utils.decoding import next_token_distribution
from model_utils.training import heads as measured
from model_utils.training.heads import random_lists

CAPITAL, OSCAR = "The capital of France is", "Oscar lives in London, the capital"


def silent(fraction, stage):
    pass


def given(model: Model, text: str, word: str, *off: tuple[int, int]) -> float:
    """The probability of a word next, with some heads off."""
    run = trace(model, text, [HeadOff(*head) for head in off])
    return float(next_token_distribution(run.logits[-1])[model.vocabulary.index(f" {word}")])


def test_the_lists_give_the_scores_of_the_card(meadow):
    """With the card's own settings: 128 lists of 4 words, seed 7."""
    card = json.loads((catalogue.folder(catalogue.find("meadow-gpt")) / "card.json").read_text())["measured"]["heads"]
    found = lists.measure(meadow, 4, 7, silent, count=128)
    np.testing.assert_allclose(found.scores, card["scores"]["induction"], atol=1e-4)
    listed = {name: tuple(map(tuple, card["listed"][name])) for name in ("induction", "previous_token")}
    assert listed == {"induction": heads.INDUCTION_HEADS, "previous_token": heads.PREVIOUS_HEADS}
    assert found.scores[0, 0] < 0.4


@pytest.mark.parametrize(("period", "seed"), [(4, 7), (4, 0), (3, 3), (6, 1)])
def test_the_two_induction_heads_stay_on_other_lists(meadow, period, seed):
    scores = lists.measure(meadow, period, seed, silent).scores
    highest = np.argsort(-scores.ravel())[:2]
    assert {(int(place) // 4, int(place) % 4) for place in highest} == set(heads.INDUCTION_HEADS)


def test_on_one_list_several_heads_seem_to_do_induction(meadow):
    role = next(role for role in steps.roles(trace(meadow, heads.LIST)) if role.name == "induction")
    assert (role.scores > 0.6).sum() >= 4
    assert set(heads.INDUCTION_HEADS) < set(role.best)
    assert all(i - j == 3 for i, j in zip(*np.nonzero(role.cells), strict=True))


def test_the_previous_token_heads_help_the_induction_heads_and_are_not_alone(meadow):
    lists_read = random_lists(lists.opening_of(meadow), lists.words_of(meadow), 64, 4, 7)

    def scores(*off):
        switches, maps = tuple(HeadOff(*head) for head in off), []
        for token_ids in lists_read:
            with torch.inference_mode(), recording(Recording(meadow.attention_kinds, switches)) as run:
                meadow.network(input_ids=token_ids, use_cache=False)
            maps.append(torch.stack([call.attn_weights for call in run.calls]))
        found = measured.induction(*maps, 4)
        return [found[head].item() for head in heads.INDUCTION_HEADS]

    assert scores() == pytest.approx([0.70, 0.49], abs=0.01)
    assert scores(*heads.PREVIOUS_HEADS) == pytest.approx([0.58, 0.31], abs=0.01)


def test_lists_go_on_without_the_induction_heads(meadow):
    """64 lists, as the page measures them; the words that follow from the first copy."""
    twice, _ = random_lists(lists.opening_of(meadow), lists.words_of(meadow), 64, 4, 7)

    def foretold(*off):
        with torch.inference_mode(), recording(Recording(meadow.attention_kinds, tuple(HeadOff(*h) for h in off))):
            probs = meadow.network(input_ids=twice, use_cache=False).logits.softmax(dim=-1)
        return np.mean([probs[row, place, twice[row, place + 1]] for row in range(64) for place in (7, 8, 9)])

    found = lists.measure(meadow, 4, 7, silent)
    assert found.count == 64 and found.foretold == pytest.approx(foretold(), abs=1e-4)
    assert found.foretold > 0.99 and foretold(*heads.INDUCTION_HEADS) > 0.99


@pytest.mark.parametrize(
    "text", ["She sat on the bank of the river and watched the boats.", "Time flies like an arrow."]
)
def test_a_head_of_minilm_looks_at_the_word_before(minilm, text):
    role = steps.roles(trace(minilm, text))[0]
    assert role.best[0] == (0, 2) and role.scores[0, 2] > 0.99


def test_most_heads_of_minilm_rest_on_the_first_token(minilm):
    """More than half of them give [CLS] more than any other place gets, on average."""
    run = trace(minilm, "She sat on the bank of the river and watched the boats.")
    resting = [np.argmax(each.attn_weights.mean(axis=1), axis=1) == 0 for each in run.attentions]
    assert np.mean(resting) > 0.5


def test_the_last_word_rests_on_a_token_that_hands_over_little(meadow):
    run, (layer, head) = trace(meadow, heads.COPY), heads.RESTING
    row = output.handed(run, layer, head, len(run.tokens) - 1, output.output(meadow, run, layer))
    assert run.tokens[0] == "<|endoftext|>" and row.weights[0] > 0.95
    assert row.relative[0] < 0.25
    hidden = trace(meadow, heads.COPY, (OwnMask(steps.without_first(run)),))
    word = switching.right_word(run, meadow.vocabulary)
    assert word.probability > 0.99 and switching.probability(hidden, word) == pytest.approx(word.probability, abs=0.02)


def test_the_three_ways_do_not_agree(meadow):
    run, layer = trace(meadow, heads.SENTENCE), heads.MIXED_LAYER
    lengths = output.shares(output.layer_lengths(run, layer, output.output(meadow, run, layer)))
    ways = (steps.averaged(run, layer), steps.rolled(run, layer), lengths)
    assert min(np.abs(one - other).max() for one in ways for other in ways if one is not other) > 0.2


def test_one_head_without_a_name_is_missed_and_the_induction_heads_are_not(meadow):
    swept = switching.sweep(meadow, trace(meadow, heads.SHORT_LIST), range(5), silent)
    assert (swept.word.token, swept.word.from_truth) == (" river", True)
    assert swept.largest == (0, 0) and swept.probs[0, 0] < 0.05
    assert all(swept.probs[head] > 0.99 for head in heads.INDUCTION_HEADS)
    assert (np.abs(swept.changes) < 0.1).sum() >= 19


def test_other_texts_miss_other_heads(meadow):
    largest = [switching.sweep(meadow, trace(meadow, text), range(5), silent).largest for text in (CAPITAL, OSCAR)]
    assert len({(0, 0), *largest}) == 3


def test_no_single_head_is_needed_in_the_first_sentence_but_two_together_are(meadow):
    swept = switching.sweep(meadow, trace(meadow, heads.SENTENCE), range(5), silent)
    assert swept.word.token == " are" and swept.changes.min() > -0.05
    assert all(swept.probs[head] == pytest.approx(swept.word.probability, abs=0.02) for head in heads.BACKUP)
    assert given(meadow, heads.SENTENCE, "are", *heads.BACKUP) < 0.01


def test_a_previous_token_head_has_another_habit_too(meadow):
    assert heads.TWO_HABITS in heads.PREVIOUS_HEADS
    for text, place in ((heads.SENTENCE, 2), (heads.OTHER_SENTENCE, 5)):
        assert steps.weights_of(trace(meadow, text), *heads.TWO_HABITS)[-1, place] > 0.9


def test_meadow_has_twenty_heads(meadow):
    run = trace(meadow, heads.SENTENCE)
    assert [len(each.attn_weights) for each in run.attentions] == [4] * 5
    assert 20 * 19 // 2 == 190 and 2**20 > 10**6


def test_the_task_is_solved_in_one_place_only(meadow):
    goal = next(check.goal for check in checks("heads", "en") if check.goal)
    words = goal.start.split()
    solved = []
    for place in range(1, len(words)):
        text = " ".join([*words[:place], goal.word, *words[place + 1 :]])
        if grade(goal, text, given(meadow, text, goal.word)).reached:
            solved.append(place)
    assert solved == [4] and words[4] == "lamp"
    assert given(meadow, goal.start, goal.word) < 0.01
