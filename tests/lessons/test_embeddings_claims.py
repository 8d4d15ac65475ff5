"""What the embeddings lesson says of Meadow-GPT and MiniLM, measured on the shipped models."""

import numpy as np
import pytest
import torch

from lessons import checks
from lessons import embeddings as lesson
from lessons.embeddings import contexts, layouts, maths, steps, table
from model_utils import Model, trace
from model_utils.decoding import next_token_distribution


def cosine(model: Model, one: str, other: str) -> float:
    W = table.rows_of(model)
    return maths.cosines(*(W[table.place_of(word, model.vocabulary)] for word in (one, other))).item()


def near(model: Model, word: str, by: str = "cosine") -> list[str]:
    return [found.strip() for found in steps.neighbours(model, table.place_of(word, model.vocabulary), by).words]


def test_dog_lies_near_cat_in_meadow_and_near_dogs_in_minilm(meadow, minilm):
    assert near(meadow, "dog")[:3] == ["cat", "wolf", "mouse"]
    assert round(cosine(meadow, "dog", "dogs"), 2) == 0.07
    assert near(minilm, "dog")[0] == "dogs" and round(cosine(minilm, "dog", "dogs"), 2) == 0.87
    assert near(meadow, "dog", "product")[0] == "jumps"


def test_opposites_are_near_with_and_without_the_mean(minilm):
    assert near(minilm, "good")[1] == "bad"
    _, raw, without = steps.pairs_of(minilm, "good bad")
    assert raw[0] > 0.5 and without[0] > 0.5


def test_states_share_a_part_that_grows_from_layer_to_layer(minilm):
    raw, without = steps.mean_cosines(trace(minilm, lesson.UNRELATED))
    assert (np.diff(raw) > 0).all() and round(float(raw[-1]), 2) == 0.35
    assert np.abs(without).max() < 0.05


def test_king_is_the_nearest_to_its_own_sum_and_queen_once_it_is_left_out(minilm, meadow):
    ids = tuple(table.place_of(word, minilm.vocabulary) for word in steps.terms(lesson.ANALOGIES[0]))
    assert steps.analogy(minilm, ids, False).words[:2] == ("king", "queen")
    assert "woman" in steps.analogy(minilm, ids, False).words[:4]
    assert steps.analogy(minilm, ids, True).words[0] == "queen"
    ids = tuple(table.place_of(word, meadow.vocabulary) for word in steps.terms(lesson.ANALOGIES[0]))
    assert steps.analogy(meadow, ids, False).words[0] == " woman"


def test_minilms_plurals_need_no_arithmetic_and_meadows_capitals_do(minilm, meadow):
    families = steps.families()
    for name in ("animals_plural", "things_plural"):
        allowed, left_out, alone = steps.hits(minilm, families[name])
        assert allowed < 0.01 and left_out == alone == 1
        assert max(steps.hits(meadow, families[name])) < 0.03
    pairs = len(families["capitals"])
    assert pairs * (pairs - 1) == 650
    assert steps.hits(meadow, families["capitals"]) == (1, 1, 0)
    assert near(minilm, "cat")[0] == "cats"


def test_a_shadow_keeps_fewer_than_a_fifth_of_the_neighbours_and_tsne_more_than_half(meadow):
    sample = table.sample(meadow)
    assert sample.rows.shape[1] == 128
    flat = layouts.pca(sample.directions, 2)
    place = sample.words.index("dog")
    assert flat.kept < 0.2 and flat.explained < 0.1
    one, other = (layouts.tsne(sample.directions, 2, 30, seed) for seed in (0, 1))
    assert one.kept > 0.5 and other.kept > 0.5 and max(one.agreed, other.agreed) < 0.5
    true = layouts.nearest(sample.directions, 5)[place]
    assert set(layouts.nearest(flat.points, 5)[place]) != set(true), "some true neighbours lie far away on the map"


def test_islands_swap_their_places_with_the_seed(meadow):
    """Which groups of words lie nearest to the animals is no property of the rows."""
    sample = table.sample(meadow)
    groups = np.array(sample.groups)

    def order(perplexity: int, seed: int) -> list[str]:
        points = layouts.tsne(sample.directions, 2, perplexity, seed).points
        centres = [np.median(points[groups == group], axis=0) for group in lesson.GROUPS[:-1]]
        return [lesson.GROUPS[place] for place in np.linalg.norm(np.array(centres) - centres[1], axis=1).argsort()]

    assert order(5, 0) != order(5, 1)


def test_random_numbers_make_clumps_where_the_perplexity_is_small(meadow):
    noise = layouts.noise(table.sample(meadow).rows.shape, 0)

    def clumped(perplexity: int) -> float:
        """How much nearer the nearest point is than in a shapeless cloud: its distance over the mean one."""
        points = torch.from_numpy(layouts.tsne(noise, 2, perplexity, 0).points)
        distances = torch.cdist(points, points)
        return float(distances.fill_diagonal_(torch.inf).amin(dim=1).median() / points.std())

    assert clumped(2) < clumped(30) / 2


def test_the_money_bank_goes_its_own_way(minilm):
    money, lake = contexts.by_layer([contexts.states_of(trace(minilm, text), "bank") for text in lesson.BANKS])
    assert round(float(money[0]), 2) == round(float(lake[0]), 2) == 0.97
    assert round(float(money[-1]), 2) == 0.74 == round(float(money.min()), 2)
    assert round(float(lake.min()), 2) == 0.93


def test_in_meadow_the_senses_part_in_the_first_layer_and_what_follows_changes_nothing(meadow):
    money, other = contexts.by_layer([contexts.states_of(trace(meadow, text), "bank") for text in lesson.MEADOW_BANKS])
    assert money[0] == pytest.approx(1, abs=1e-5) and money[1] < 0.6 and other.min() > 0.99
    first, second = (contexts.states_of(trace(meadow, text), "bank") for text in lesson.AFTERWARDS)
    np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-2)
    assert contexts.by_layer([first, second]).min() > 0.9999
    for word, texts in (("bat", ("Tom saw a bat", "Tom bought a bat")),
                        ("spring", ("Tom loves the spring", "Tom drinks from the spring"))):  # fmt: skip
        assert contexts.by_layer([contexts.states_of(trace(meadow, text), word) for text in texts])[0, 1] < 0.4


def test_sentences_about_one_thing_are_near_whatever_they_say(minilm):
    cosines = contexts.similarities([trace(minilm, text) for text in lesson.SENTENCES])
    assert round(float(cosines[3, 4]), 2) == 0.75 < cosines[3, 5]
    assert cosines[0, 1] > 0.6 and cosines[0].argsort()[-2] == 1


def test_directions_part_the_groups_better_than_any_coordinate(meadow):
    sample = table.sample(meadow)
    for turn in (None, 0, 1, 2):
        for single, along in contexts.separations(sample, contexts.turned(sample.rows, turn).after).values():
            assert along > 0.8 and along > single > 0.5


def test_one_word_changes_the_cosines_of_others_in_the_last_layer(minilm):
    first, second = (trace(minilm, text) for text in lesson.TWO_TEXTS)
    [place] = [at for at, pair in enumerate(zip(first.tokens, second.tokens, strict=True)) if pair[0] != pair[1]]
    start, end = (np.abs(contexts.cosines_at(second, layer) - contexts.cosines_at(first, layer)) for layer in (0, 6))
    others = [np.delete(np.delete(change, place, 0), place, 1) for change in (start, end)]
    assert others[0].max() < 1e-5 < start[place].max() and others[1].max() > 0.05


def test_the_task_can_be_solved_with_one_word(meadow):
    goal = next(check.goal for check in checks("embeddings", "en") if check.goal)
    given = [float(next_token_distribution(trace(meadow, text).logits[-1])[meadow.vocabulary.index(f" {goal.word}")])
             for text in (goal.start, "Anna saw a bat")]  # fmt: skip
    assert given[0] < goal.at_least < given[1]
