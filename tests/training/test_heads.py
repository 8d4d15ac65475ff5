"""Head scores on attention weights made by hand: 1 where a head does the thing always, 0 where never."""

import pytest
import torch

from model_utils.training import heads

PERIOD, END = 4, 0
TEXT, OTHER = heads.random_lists([END], range(1, 30), count=3, period=PERIOD, seed=5)  # (3, 9)
T = TEXT.shape[1]


def looks_back(steps: int) -> torch.Tensor:
    """(1, 3, 1, T, T): one layer, one head, each place with all its weight `steps` before it, or on place 0."""
    weights = torch.zeros(1, len(TEXT), 1, T, T)
    for place in range(T):
        weights[..., place, max(0, place - steps)] = 1.0
    return weights


def test_a_repeating_list_is_its_opening_and_the_same_words_twice_and_the_other_all_different() -> None:
    assert TEXT.shape == OTHER.shape == (3, 1 + 2 * PERIOD)
    assert (TEXT[:, 0] == END).all() and (OTHER[:, 0] == END).all()
    assert torch.equal(TEXT[:, 1 : 1 + PERIOD], TEXT[:, 1 + PERIOD :])
    assert all(len(set(row.tolist())) == 1 + PERIOD for row in TEXT)
    assert all(len(set(row.tolist())) == 1 + 2 * PERIOD for row in OTHER)
    assert torch.equal(TEXT, heads.random_lists([END], range(1, 30), 3, PERIOD, seed=5)[0])
    assert not torch.equal(TEXT, heads.random_lists([END], range(1, 30), 3, PERIOD, seed=6)[0])


@pytest.mark.parametrize(
    ("steps", "previous", "first", "same", "induction"),
    [
        (1, 1.0, 1 / 8, 0.0, 0.0),
        (T, 0.0, 1.0, 0.0, 0.0),
        (PERIOD, 0.0, 4 / 8, 1.0, 0.0),
        (PERIOD - 1, 0.0, 3 / 8, 0.0, 1.0),
    ],
)
def test_a_head_that_does_one_thing_scores_on_it(
    steps: int, previous: float, first: float, same: float, induction: float
) -> None:
    weights = looks_back(steps)
    assert heads.previous_token(weights).item() == pytest.approx(previous)
    assert heads.first_token(weights).item() == pytest.approx(first)
    assert heads.same_token(weights, TEXT).item() == pytest.approx(same)
    assert heads.induction(weights, looks_back(T), PERIOD).item() == pytest.approx(induction)


def test_scores_keep_layers_and_heads_apart() -> None:
    first_layer = torch.cat([looks_back(1), looks_back(T)], dim=2)
    weights = torch.cat([first_layer, torch.cat([looks_back(PERIOD - 1)] * 2, dim=2)])
    assert heads.previous_token(weights).tolist() == [[1.0, 0.0], [0.0, 0.0]]
    assert heads.induction(weights, 0 * weights, PERIOD).tolist() == [[0.0, 0.0], [1.0, 1.0]]


def test_a_head_that_goes_by_the_place_alone_is_no_induction_head() -> None:
    weights = looks_back(PERIOD - 1)
    assert heads.induction(weights, weights, PERIOD).item() == 0.0
