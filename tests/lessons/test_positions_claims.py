"""What the positions lesson says of Meadow-GPT and MiniLM, measured on the models that come with the course."""

import numpy as np
import pytest
import torch

from lessons import checks
from lessons import positions as lesson
from lessons.positions import curves, schemes, steps
from model_utils import Intervention, Model, PositionsOff, trace
from model_utils.decoding import next_token_distribution, top
from model_utils.meadow import next_word_probabilities, sample_documents

OFF = PositionsOff()


def expected_next(model: Model, text: str, *switches: Intervention) -> dict[str, float]:
    probs = next_token_distribution(trace(model, text, switches).logits[-1])
    return {token.strip(): probability for token, probability, _ in top(probs, model.vocabulary, 5)}


def two_orders(model: Model, text: str, order: str, *switches: Intervention) -> steps.Moved:
    return steps.moved(*(trace(model, each, switches) for each in (text, steps.reordered(text, order))))


def test_for_minilm_without_positions_two_sentences_are_one_bag(minilm):
    assert steps.reordered(lesson.SENTENCE, "swapped") == "The man bit the dog."
    for order in lesson.ORDERS:
        assert two_orders(minilm, lesson.SENTENCE, order).after_all_layers.min() > 0.1, "every word's state moved"
        off = two_orders(minilm, lesson.SENTENCE, order, OFF)
        assert off.changes.max() < 1e-5 and f"{off.cosine:.3f}" == "1.000"


def test_meadow_gpt_without_positions_still_knows_the_order_from_the_second_layer_on(meadow):
    assert steps.reordered(lesson.ORDERED, "swapped") == "The shelf is on the coin."
    off = two_orders(meadow, lesson.ORDERED, "swapped", OFF)
    assert off.same_end and off.tokens[-1] == "."
    assert off.last_token[:2].max() < 1e-5 and off.last_token[2:].min() > 0.02
    assert off.after_all_layers.max() > 1


def test_neighbours_in_minilms_table_are_alike(minilm):
    table = schemes.scheme(minilm).table
    cosines = torch.cosine_similarity(torch.tensor(table)[1:, None], torch.tensor(table)[None, 1:], dim=-1)
    assert cosines.diagonal(1).mean().item() == pytest.approx(0.85, abs=0.005)
    mean = [cosines.diagonal(apart).mean().item() for apart in range(11)]
    assert mean[10] == pytest.approx(0.32, abs=0.005)
    assert (mean[3], mean[5]) == pytest.approx((0.44, 0.66), abs=0.005)
    assert mean[6] > max(mean[3], mean[9]) + 0.1, "stripes, every six positions or so"


def test_minilms_table_holds_a_clock_that_goes_round_in_nearly_six_positions(minilm):
    across, up = schemes.path(schemes.scheme(minilm).table)[0].T
    steps_on = np.diff(np.unwrap(np.arctan2(up, across))[1:])  # without the row of [CLS], in the middle
    turns = np.rad2deg(np.abs(steps_on))
    assert np.median(turns) == pytest.approx(62, abs=0.5) and np.percentile(turns, [1, 99]) == pytest.approx(62, abs=15)
    assert len(set(np.sign(steps_on))) == 1, "always the same way round"
    assert 5.5 < 360 / np.median(turns) < 6
    distances = np.hypot(across, up)[1:]
    assert distances.min() > 0.5 * np.median(distances), "a ring with nothing in it"


def test_meadow_gpts_table_was_trained_as_far_as_its_texts_reach(meadow):
    lengths = schemes.row_lengths(schemes.scheme(meadow).table)
    begun = meadow.network.config.initializer_range * meadow.network.config.n_embd**0.5
    assert len(lengths) == 128 and begun == pytest.approx(0.226, abs=0.001)
    assert lengths[: lesson.TRAINED].min() > 1.5
    documents = (document.english for document in sample_documents(200, 1))
    assert max(len(trace(meadow, text).tokens) for text in sorted(documents, key=len)[-20:]) <= lesson.TRAINED
    assert lengths[lesson.TRAINED :].mean() == pytest.approx(begun, abs=0.01) and lengths[lesson.TRAINED :].max() < 0.3


def test_only_the_learnt_table_tells_equal_distances_apart(meadow):
    ways = curves.four_ways(schemes.scheme(meadow).table, 10_000)
    assert [name for name, pairs in ways.items() if pairs.spread > 1e-3] == ["learned"]


def test_with_a_small_base_a_far_word_looks_near():
    for name in ("sinusoids", "rope"):
        small, usual = (curves.four_ways(None, base)[name] for base in (10, 10_000))
        at = {distance: small.values[small.distances == distance][0] for distance in (5, 16, 31)}
        assert at[31] == pytest.approx(at[5], abs=0.2) and at[16] < at[31] - 5
        assert small.values.min() < 0 < usual.values.min()


def test_without_positions_meadow_gpt_ends_the_sentence_and_some_guesses_survive(meadow):
    truth, intact = next_word_probabilities(lesson.BREAKS), expected_next(meadow, lesson.BREAKS)
    assert all(intact[word] == pytest.approx(truth[word], abs=0.02) for word in truth)
    assert expected_next(meadow, lesson.BREAKS, OFF)["."] > 0.99
    assert expected_next(meadow, "The capital of France is", OFF)["Paris"] > 0.9
    assert expected_next(meadow, "The quick brown fox jumps over the lazy", OFF)["dog"] > 0.9


def test_without_positions_the_head_shown_no_longer_finds_the_noun(meadow):
    layer, head = lesson.SHOWN
    intact, broken = (trace(meadow, lesson.BREAKS, off) for off in ((), (OFF,)))
    assert (intact.tokens[2], intact.tokens[-1]) == (" dogs", " tree")
    weights = [run.attentions[layer].attn_weights[head, -1, 2] for run in (intact, broken)]
    assert weights[0] > 0.99 and weights[1] < 0.02


def test_the_task_can_be_solved_with_the_same_words(meadow):
    goal = next(check.goal for check in checks("positions", "en") if check.goal)
    assert expected_next(meadow, goal.start).get(goal.word, 0) < 0.05
    swapped = "The house behind the cats"
    assert sorted(swapped.split()) == sorted(goal.start.split())
    assert expected_next(meadow, swapped)[goal.word] > goal.at_least + 0.1


def test_the_first_of_the_toys_pairs_turns_fast_and_the_last_hardly():
    alone = curves.arrows(10_000, None)
    turns = np.abs(alone.query[1] - alone.query[0]).sum(axis=-1)
    assert (np.diff(turns) < 0).all()
