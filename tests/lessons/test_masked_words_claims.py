"""What the lesson on masked words says of the models that come with the course, measured on their weights."""

import numpy as np
import pytest

from lessons import checks, masked_words
from lessons.grading import grade
from lessons.masked_words import everything, pairs, recipe, steps
from lessons.next_words import distance, over_vocabulary
from model_utils import Model, OwnMask, Trace, catalogue, load, trace
from model_utils.decoding import next_token_distribution
from model_utils.meadow import is_meadow, next_word_probabilities
from model_utils.next_sentence import next_sentence
from pages.ui.blanks.covering import cover, pieces


@pytest.fixture(scope="module")
def bert() -> Model:
    if catalogue.folder(catalogue.find("meadow-bert")) is None:
        pytest.skip("meadow-bert is not trained yet")
    return load("meadow-bert")


def gap(model: Model, text: str, switches: tuple = ()) -> tuple[Trace, int]:
    """A run and the place of its first gap."""
    run = trace(model, text, switches)
    return run, steps.gap_places(run.token_ids, model.tokenizer.mask_token_id)[0]


def far(model: Model, text: str) -> float:
    """Distance of the first gap's distribution from the truth."""
    return distance(steps.probs_at(*gap(model, text)), over_vocabulary(steps.truths(text)[0], model.vocabulary))


def test_the_first_gaps_have_the_truth_that_the_text_tells(bert):
    assert steps.truths(masked_words.SENTENCE)[0] == pytest.approx({"are": 0.7, "were": 0.3})
    assert steps.truths(masked_words.CAPITAL)[0] == {"Paris": 1.0}
    assert steps.truths(masked_words.FROM_THE_RIGHT)[0] == {"France": 1.0}
    assert far(bert, masked_words.SENTENCE) < 0.25


def test_each_model_is_close_to_the_truth_of_its_own_question(bert, meadow):
    left = masked_words.FROM_BEHIND.partition(" [MASK]")[0]
    truth = next_word_probabilities(left)
    assert len(truth) == 18 and len({round(p, 9) for p in truth.values()}) == 1
    probs = next_token_distribution(trace(meadow, left).logits[-1])
    assert distance(probs, over_vocabulary(truth, meadow.vocabulary)) < 0.15
    assert steps.truths(masked_words.FROM_BEHIND)[0] == pytest.approx({"doctor": 0.5, "nurse": 0.5})
    assert far(bert, masked_words.FROM_BEHIND) < 0.2


def test_some_heads_look_at_dogs_and_some_at_hungry(bert):
    run, place = gap(bert, masked_words.SENTENCE)
    strongest = np.stack([attention.attn_weights[:, place] for attention in run.attentions]).max(axis=(0, 1))  # (S,)
    assert run.tokens[3 - 1].strip() == "dogs" and run.tokens[7].strip() == "hungry"
    assert strongest[2] > 0.3 and strongest[7] > 0.3
    layer, head = steps.telling_head(run, place)
    assert run.attentions[layer].attn_weights[head, place].argmax() == 7, "the head that is drawn large"
    shares = steps.looks(run, place).shares
    assert (shares[:, 0] > 0.05).all() and (shares[:, 2] > 0.05).all(), "both sides, in every layer"


def test_a_bert_with_its_right_side_hidden_is_no_gpt(bert, meadow):
    run, _ = gap(bert, masked_words.SENTENCE)
    hidden, place = gap(bert, masked_words.SENTENCE, (OwnMask(steps.leftwards(len(run.tokens))),))
    left = masked_words.SENTENCE.partition(" [MASK]")[0]
    truth = next_word_probabilities(left)
    gpt = next_token_distribution(trace(meadow, left).logits[-1])
    broken = distance(steps.probs_at(hidden, place), over_vocabulary(truth, bert.vocabulary))
    probs = steps.probs_at(hidden, place)
    assert bert.vocabulary[int(probs.argmax())] == " have" and truth["have"] == pytest.approx(0.2)
    assert broken > 0.15 > 3 * distance(gpt, over_vocabulary(truth, meadow.vocabulary))


def test_a_part_falls_on_what_nobody_wrote(bert):
    truth = pairs.true_pairs(masked_words.DUCK)
    assert truth == pytest.approx({("can", "swim"): 0.5, ("eats", "seeds"): 0.5})
    found = pairs.pairs(bert, masked_words.DUCK, truth)
    row, column = found.rows.index("can"), found.columns.index("seeds")
    assert found.alone[row, column] > 0.05 and found.truth[row, column] == 0
    assert found.chained[row, column] < found.alone[row, column] / 3


def test_the_likeliest_pair_is_not_the_pair_of_the_likeliest(bert):
    first, second = steps.truths(masked_words.WHALE)
    truth = pairs.true_pairs(masked_words.WHALE)
    assert max(first, key=first.get) == "whale" and {*sorted(second, key=second.get)[-2:]} == {"meat", "grass"}
    assert second["meat"] == pytest.approx(second["grass"])
    assert ("whale", "meat") not in truth and ("whale", "grass") not in truth
    assert max(truth, key=truth.get) == ("whale", "fish")


def silent(fraction, stage):
    pass


def written(model: Model, text: str, count: int, seed: int) -> everything.Written:
    found = pieces(text)
    covered = cover(text, found, everything.order(len(found), seed)[:count])
    return everything.write(model, covered.text, covered.answers, silent)


def test_written_at_once_the_words_do_not_fit_and_in_turn_they_do(bert):
    found = written(bert, masked_words.WHOLE, 8, 0)
    assert not is_meadow(found.at_once) and is_meadow(found.in_turn)
    assert "dogs" not in found.in_turn


def test_few_open_words_are_enough(bert):
    """With half of the words covered the model gives those that stood there far more than with all of them covered."""
    half, whole = written(bert, masked_words.WHOLE, 4, 0), written(bert, masked_words.WHOLE, 8, 0)
    assert half.alone.mean() > 0.6 > 3 * whole.alone.mean()


def test_the_more_is_chosen_the_harder_it_gets(bert):
    losses = [np.mean([recipe.taught(bert, masked_words.STORY, share, seed).loss for seed in range(12)])
              for share in (0.15, 0.5, 1.0)]  # fmt: skip
    assert losses[0] < losses[1] < losses[2] and losses[2] > 2 * losses[0]


def test_the_first_throw_that_is_shown_has_every_fate(bert):
    taught = recipe.taught(bert, masked_words.STORY, 0.15, masked_words.SEED)
    assert set(taught.fates.tolist()) == {0, 1, 2, 3}
    assert taught.losses[taught.fates > 0].max() > 1


def test_the_second_follows_and_neither_a_stranger_nor_the_first_does(bert):
    poland, dogs, _ = masked_words.FIRSTS
    polish, french, sleeping, _ = masked_words.SECONDS
    for first, second in ((poland, polish), (dogs, sleeping)):
        assert next_sentence(bert, first, second) > 0.9
        assert next_sentence(bert, second, first) < 0.1
        assert next_sentence(bert, first, masked_words.STRANGER) < 0.1
    assert not is_meadow(f"{poland} {french}")
    assert abs(next_sentence(bert, poland, french) - next_sentence(bert, poland, polish)) < 0.05, "the topic is enough"


def test_the_task_can_be_done_with_three_words_and_not_by_doing_nothing(meadow):
    goal = next(check.goal for check in checks("masked_words", "en") if check.goal)

    def tried(text: str):
        probs = next_token_distribution(trace(meadow, text).logits[-1])
        return grade(goal, text, float(probs[meadow.vocabulary.index(f" {goal.word}")]))

    assert tried("Paris is the capital of").reached and not tried(goal.start).reached


def test_the_book_model_that_sees_the_door_looks_for_what_one_does_with_it():
    if not any(card.id == "storybook-bert" for card in catalogue.embedded()):
        pytest.skip("storybook-bert is not trained yet")
    book, left = load("storybook-bert"), load("storybook-gpt")
    run, place = gap(book, masked_words.IN_A_BOOK)
    both = steps.by_word(run.logits[place], book.vocabulary)
    alone = steps.by_word(trace(left, "She").logits[-1], left.vocabulary)
    assert both["opened"] > 10 * alone["opened"] and both["opened"] > 0.1
    assert max(alone.values()) < 0.3, "anything may follow"
