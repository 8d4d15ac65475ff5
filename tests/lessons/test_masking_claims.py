"""What the masking lesson says of Meadow-GPT, measured on the weights that come with the course."""

import numpy as np
import pytest

from lessons import checks, masking
from lessons.grading import grade
from lessons.masking import steps
from model_utils import Model, OwnMask, Unmasked, catalogue, load, trace, trace_batch
from model_utils.decoding import next_token_distribution
from model_utils.meadow import masked_word_probabilities, next_word_probabilities


@pytest.fixture(scope="module")
def meadow() -> Model:
    if catalogue.folder(catalogue.find("meadow-gpt")) is None:
        pytest.skip("meadow-gpt is not trained yet")
    return load("meadow-gpt")


def _probs(model: Model, *words: str, text: str = masking.PROMPT, switches: tuple = ()) -> float:
    """The probability that the model gives to any of these words next."""
    probs = next_token_distribution(trace(model, text, switches).logits[-1])
    return sum(probs[model.vocabulary.index(f" {word}")] for word in words)


def test_the_text_is_right_about_hiding_the_noun(meadow):
    """Hidden from all: the verb follows "tree"; given back to "tree" alone: that is enough."""
    hidden = steps.hide(2, 6)
    given_back = (*hidden[:5], (*hidden[5][:2], True, *hidden[5][3:]))
    plural, singular = ("are", "were", "have"), ("is", "was", "has")
    assert _probs(meadow, *plural) > 0.9
    assert _probs(meadow, *singular, switches=(OwnMask(hidden),)) > 0.8
    assert _probs(meadow, *plural, switches=(OwnMask(given_back),)) > 0.9


def test_the_text_is_right_that_a_trained_model_knows_less_without_its_mask(meadow):
    truth = next_word_probabilities(masking.PROMPT)
    right = tuple(truth)
    assert _probs(meadow, *right) > 0.95
    assert _probs(meadow, *right, switches=(Unmasked(),)) < 0.5


@pytest.mark.parametrize(("switches", "least", "most"), [((), 0, 1e-5), ((Unmasked(),), 0.1, 1)])
def test_the_text_is_right_about_one_run_and_all_prefixes(meadow, switches, least, most):
    whole = trace(meadow, masking.SENTENCE, switches)
    alone = {place: trace(meadow, text, switches) for place, text in steps.prefixes(whole).items()}
    assert least <= steps.in_step(whole, alone).largest_difference <= most


def test_the_text_is_right_about_padding(meadow):
    """Only on the left does padding move the words, and telling the model of it does not repair that."""
    alone, distances = trace(meadow, masking.PROMPT), {}
    for name, way in steps.WAYS.items():
        batch = trace_batch(meadow, (masking.PROMPT, masking.COMPANION), way.side, way.told, positions=way.positions)
        distances[name] = steps.moved(alone, steps.unpadded(alone, batch[0], name))
    assert all(distances[name] < 1e-4 for name in ("right_masked", "right_open", "left_counted")), distances
    assert all(distances[name] > 0.3 for name in ("left_open", "left_masked")), distances


def test_the_task_can_be_done_with_one_word_and_not_by_doing_nothing(meadow):
    goal = next(check.goal for check in checks("masking", "en") if check.goal)
    attempts = {text: grade(goal, text, _probs(meadow, goal.word, text=text)) for text in (
        goal.start, goal.start.replace("Spain", "France"), goal.start.replace("Madrid", "Paris"))}  # fmt: skip
    reached = [found.reached for found in attempts.values()]
    assert not reached[0] and sum(reached[1:]) == 1, attempts


def test_the_first_head_shown_has_something_to_hide(meadow):
    """The row that stands there untouched loses a good share of its weight to the mask, and keeps a good share."""
    run = trace(meadow, masking.SENTENCE)
    row = steps.row_of(steps.stages(run, *masking.SHOWN), len(run.tokens) // 2)
    assert 0.2 < row.weights_without[row.visible].sum() < 0.8


def test_the_gap_sees_both_sides():
    """Of [MASK] the text says: weight on both sides, no triangle missing, and what each side leaves open."""
    if catalogue.folder(catalogue.find("meadow-bert")) is None:
        pytest.skip("meadow-bert is not trained yet")
    model = load("meadow-bert")
    run = trace(model, masking.BLANK)
    place = run.token_ids.tolist().index(model.tokenizer.mask_token_id)
    rows = np.stack([attention.attn_weights[:, place] for attention in run.attentions])  # (L, H, S)
    assert (rows[..., :place].sum(-1) > 0).all() and (rows[..., place + 1 :].sum(-1) > 0).all()
    assert all(attention.visible.all() for attention in run.attentions)
    assert set(masked_word_probabilities(masking.BLANK)[0]) == {"are", "were"}
    assert set(next_word_probabilities(masking.BLANK.partition(" [MASK]")[0])) == {"are", "were", "have"}
