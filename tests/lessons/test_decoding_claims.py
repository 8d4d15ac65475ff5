"""What the decoding lesson says of the models that come with the course, measured on them."""

import math

import pytest
import torch

from lessons import checks, read
from lessons import decoding as lesson
from lessons.decoding import caching, maths, sequences, strategies, trees
from lessons.decoding.strategies import Settings
from model_utils import load, trace
from model_utils.decoding import Tree, next_token_distribution, top
from model_utils.meadow import END, NotMeadow, next_word_probabilities


def path(tree: Tree, name: str):
    return next(each for each in tree.paths if each.id == name)


def after(model, text):
    probs = next_token_distribution(trace(model, text).logits[-1])
    return {token.strip(): probability for token, probability, _ in top(probs, model.vocabulary, 5)}


def test_twenty_words_are_equally_likely_and_greedy_search_cuts_nearly_all_of_it(meadow):
    truth = next_word_probabilities(lesson.SENTENCE)
    assert len(truth) == 20 and all(each == pytest.approx(0.05) for each in truth.values())
    tree = trees.tree(meadow, lesson.SENTENCE, Settings(lesson.SIX))
    assert path(tree, "greedy").text == " thirsty."
    assert tree.nodes[0].cut["greedy"] == pytest.approx(0.946, abs=5e-4)
    assert {each.strategy for each in tree.paths} == set(lesson.SIX)
    assert all(node.truth is not None for node in tree.nodes[1:])


def test_with_the_seed_that_is_shown_the_drawn_texts_have_a_second_sentence(meadow):
    tree = trees.tree(meadow, lesson.SENTENCE, Settings(lesson.SIX, seed=lesson.SEED))
    drawn = [each.text for each in tree.paths if each.strategy in strategies.DRAWN]
    assert len(drawn) == 4 and all(". They " in text for text in drawn) and len(set(drawn)) > 2


def test_three_words_may_follow_and_one_has_more_than_half(meadow):
    assert set(next_word_probabilities(lesson.UNEVEN)) == {"are", "were", "have"}
    assert after(meadow, lesson.UNEVEN)["are"] > 0.5


def test_at_temperature_zero_every_dog_is_thirsty_and_at_one_they_differ(meadow):
    cold = trees.tree(meadow, lesson.SENTENCE, Settings(("temperature",), temperature=0.0, samples=5))
    assert {each.text for each in cold.paths} == {" thirsty."}
    warm = trees.tree(meadow, lesson.SENTENCE, Settings(("temperature",), temperature=1.0, samples=12))
    assert len({each.text.split(".")[0] for each in warm.paths}) > 6


@pytest.mark.parametrize(
    ("model", "loop", "penalised"),
    [
        ("storybook-gpt", " and a son, and a son, and a son,", " a son, and a son"),
        ("poem-gpt", "一声声断断肠声。一声声断人肠断", "一声声断"),
    ],
)
def test_greedy_search_goes_round_and_the_repairs_do_not(model, loop, penalised):
    text = read("decoding", "en" if model == "storybook-gpt" else "zh").labels["loops_text"]
    tree = trees.tree(load(model), text, Settings(("greedy", "penalty", "no_repeat"), steps=24))
    assert loop in path(tree, "greedy").text
    assert penalised not in path(tree, "penalty").text
    assert loop not in path(tree, "no_repeat").text


def test_beams_find_likelier_texts_than_greedy_search_and_the_length_decides_which_wins(meadow):
    tree = trees.tree(meadow, lesson.WIDE, Settings(("greedy", "beam"), steps=12))
    greedy = path(tree, "greedy")
    living = [each for each in tree.paths if each.strategy == "beam" and each.dropped_at is None]
    assert greedy.text.startswith(" is")
    assert len(living) == 3
    assert all(math.exp(each.log_probability - greedy.log_probability) > 10 for each in living)
    first = after(meadow, lesson.WIDE)
    assert next(iter(first)) == "is" and all(first[each.text.split()[0]] < first["is"] for each in living)
    assert living[0].length == max(each.length for each in living)
    plain = trees.tree(meadow, lesson.WIDE, Settings(("beam",), steps=12, alpha=0.0))
    best = path(plain, "beam-0")
    assert best.length == min(each.length for each in plain.paths if each.dropped_at is None) < living[0].length


def test_transformers_refuses_and_our_beams_are_its_own(meadow):
    found = sequences.ask(meadow, lesson.SENTENCE, lesson.FIVE_STEPS)
    assert "num_return_sequences" in found.refusal
    assert set(found.greedy) == {" thirsty."} and len(found.greedy) == 5
    assert [text for text, _ in found.ours] == [text for text, _ in found.beams] and len({*found.beams}) == 5
    torch.testing.assert_close(
        torch.tensor([score for _, score in found.ours]), torch.tensor([score for _, score in found.beams])
    )


def test_without_an_end_the_truth_falls_to_nothing(meadow):
    tree = trees.tree(meadow, lesson.SENTENCE, Settings(("greedy",), steps=16, may_end=False))
    written = path(tree, "greedy").text
    assert written.startswith(" thirsty. They are ")
    sentences = (lesson.SENTENCE + written).split(".")
    assert next_word_probabilities(".".join(sentences[:2]) + ".") == {END: pytest.approx(1.0)}
    truths = [node.truth for node in tree.nodes[1:]]
    second = 6  # thirsty . They are ... .
    assert all(truths[:second]) and truths[second] == 0.0
    with pytest.raises(NotMeadow):
        next_word_probabilities(lesson.SENTENCE + written)
    ended = trees.tree(meadow, lesson.SENTENCE, Settings(("greedy",), steps=16))
    assert ended.nodes[-1].end and not any(node.end for node in tree.nodes)


def test_the_model_is_sure_and_wrong_and_top_p_takes_the_right_word_away(meadow):
    assert next_word_probabilities(lesson.WRONG) == {"chair": pytest.approx(1.0)}
    assert after(meadow, lesson.WRONG)["table"] == pytest.approx(0.83, abs=5e-3)
    kept = torch.isfinite(maths.top_p(torch.tensor(trace(meadow, lesson.WRONG).logits[-1]), 0.8))
    assert [meadow.vocabulary[place] for place in kept.nonzero().flatten()] == [" table"]


@pytest.mark.parametrize("model", ["storybook-gpt", "poem-gpt", "meadow-gpt"])
def test_the_cache_writes_the_same_text_with_less_and_the_formula_counts_as_the_network_does(model):
    found = caching.measured(load(model), "The dogs near" if model != "poem-gpt" else "春眠不觉晓，处处闻", 12)
    assert found.same
    assert (found.by_hand[0] == found.cached.multiplications).all()
    assert (found.by_hand[1] == found.uncached.multiplications).all()
    assert found.cached.multiplications[1] < found.uncached.multiplications[1] / 2


def test_the_task_can_be_solved_with_one_word(meadow):
    goal = next(check.goal for check in checks("decoding", "en") if check.goal)
    assert after(meadow, goal.start)["bigger"] < 0.7 < goal.at_least
    assert after(meadow, goal.start.replace("lion", "whale"))["bigger"] > goal.at_least
