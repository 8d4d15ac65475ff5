"""What the attention lesson says of Meadow-GPT, measured on the shipped model."""

import pytest

from lessons import attention as lesson
from lessons import checks
from lessons.attention import steps
from model_utils import HeadOff, Intervention, Model, Unscaled, trace
from model_utils.decoding import next_token_distribution, top


def expected_next(model: Model, text: str, *switches: Intervention) -> dict[str, float]:
    probs = next_token_distribution(trace(model, text, switches).logits[-1])
    return {token.strip(): probability for token, probability, _ in top(probs, model.vocabulary, 5)}


def test_the_heads_shown_look_from_tree_to_dogs(meadow):
    run = trace(meadow, lesson.SENTENCE)
    assert (run.tokens[2], run.tokens[-1]) == (" dogs", " tree")
    looking = [
        (layer, head)
        for layer, traced in enumerate(run.attentions)
        for head in range(4)
        if traced.attn_weights[head, -1, 2] > 0.9
    ]
    assert tuple(looking) == lesson.NUMBER_HEADS and lesson.SHOWN in looking


def test_one_number_head_off_changes_nothing_and_all_four_turn_the_number_round(meadow):
    off = [HeadOff(layer, head) for layer, head in lesson.NUMBER_HEADS]
    intact = expected_next(meadow, lesson.SENTENCE)
    assert intact["are"] > 0.5
    assert expected_next(meadow, lesson.SENTENCE, off[0])["are"] == pytest.approx(intact["are"], abs=0.05)
    assert expected_next(meadow, lesson.SENTENCE, *off)["is"] > 0.5


def test_without_the_division_a_verdict_turns_round_and_the_first_sentence_stands(meadow):
    assert expected_next(meadow, lesson.BREAKS)["negative"] > 0.9
    assert expected_next(meadow, lesson.BREAKS, Unscaled())["positive"] > 0.8
    assert expected_next(meadow, lesson.SENTENCE, Unscaled())["are"] == pytest.approx(0.56, abs=0.05)
    falls = "Oscar lives in London, the capital"
    assert expected_next(meadow, falls)["of"] > 0.9 > 0.5 > expected_next(meadow, falls, Unscaled())["of"]


def test_the_undecided_head_shares_its_weight_out(meadow):
    layer, head = lesson.UNDECIDED
    bits = steps.entropy(trace(meadow, lesson.SENTENCE).attentions[layer].attn_weights[head])
    assert bits[-1] > 1


def test_the_task_can_be_solved_with_one_word(meadow):
    goal = next(check.goal for check in checks("attention", "en") if check.goal)
    assert expected_next(meadow, goal.start).get(goal.word, 0) < goal.at_least
    assert expected_next(meadow, goal.start.replace("dogs", "dog"))[goal.word] > goal.at_least
