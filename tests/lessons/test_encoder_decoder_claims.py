"""What the encoder-decoder lesson says of the models that come with the course, measured on their weights."""

import re

import numpy as np
import pytest

from lessons import checks, encoder_decoder
from lessons.encoder_decoder import feeding, gold, jobs, maths, steps, writing
from lessons.grading import grade, written_probability
from model_utils import Model, catalogue, load, trace
from model_utils.meadow.kinds.agreement import LIVING
from model_utils.translating import translate

SENTENCE, MOST = encoder_decoder.SENTENCE, encoder_decoder.MOST_WRITTEN
NOISE = 3e-6  # relative: what another order of additions may change


def opened(model_id: str) -> Model:
    card = catalogue.find(model_id)
    if card is None or catalogue.folder(card) is None:
        pytest.skip(f"{model_id} is not trained yet")
    return load(model_id)


@pytest.fixture(scope="module")
def translator() -> Model:
    return opened("meadow-translator")


@pytest.fixture(scope="module")
def bert() -> Model:
    return opened("meadow-bert")


@pytest.fixture(scope="module")
def found(translator):
    done = translate(translator, SENTENCE, MOST)
    run = trace(translator, SENTENCE, target_ids=done.token_ids)
    return run, steps.written(run, done.token_ids, translator.vocabulary, gold.gold(SENTENCE))


def test_the_masks_of_the_three_machines_are_as_the_text_says(translator, bert, meadow, found):
    kinds = {"masked": trace(bert, SENTENCE), "causal": trace(meadow, SENTENCE), "seq2seq": found[0]}
    for kind, run in kinds.items():
        seen = steps.looks(run)
        N, S = len(seen.tokens), seen.source
        drawn = np.ones((N, N), dtype=bool) if kind == "masked" else maths.who_sees_whom(S, N - S).numpy()
        np.testing.assert_array_equal(seen.visible, drawn)


def test_the_text_is_right_about_have(bert, meadow):
    """The decoder leaves it open; the encoder has seen what stands on the right."""
    hidden = jobs.hide(SENTENCE, encoder_decoder.HIDDEN)
    assert hidden.word == "are"
    filled, left = trace(bert, hidden.filled("[MASK]")), trace(meadow, hidden.left.rstrip())
    assert jobs.chance(filled, bert, "are") > 0.5 and jobs.chance(left, meadow, "are") > 0.5
    assert jobs.chance(filled, bert, "have") < 0.01 and jobs.chance(left, meadow, "have") > 0.15


def test_the_text_is_right_about_the_hidden_dogs(bert, meadow):
    """The encoder is sure of a plural; the decoder, after "The", gives plurals less than a third."""
    hidden = jobs.hide(SENTENCE, 1)
    plurals = {noun.english for noun in LIVING if noun.plural}
    filled, left = trace(bert, hidden.filled("[MASK]")), trace(meadow, hidden.left.rstrip())
    assert hidden.word == "dogs"
    assert sum(jobs.chance(filled, bert, noun) for noun in plurals) > 0.7
    assert sum(jobs.chance(left, meadow, noun) for noun in plurals) < 0.34


@pytest.mark.parametrize("text", (*encoder_decoder.EXAMPLES, encoder_decoder.CHANGED))
def test_the_examples_are_meadows_and_are_translated_without_a_mistake(translator, text):
    assert translate(translator, text, MOST).target_text == gold.gold(text).chinese


def test_the_first_chinese_word_comes_from_the_tree(found):
    run, one = found
    layer, head = steps.best_head(one)
    weights = one.weights[layer, head, 0]
    assert one.tokens[0] == "树" and [token.strip() for token in run.source_tokens][4] == "tree"
    assert weights.argmax() in (3, 4) and weights[[3, 4]].sum() > 0.5


def test_the_taught_head_follows_the_words_and_the_others_less(found):
    errors = steps.errors(found[1])
    assert errors.shape == (2, 4), "eight heads"
    assert steps.best_head(found[1]) == (1, 0) and errors[1, 0] < 0.15
    others = np.delete(errors.ravel(), 4)
    assert others.mean() > 0.4 and others.min() > errors[1, 0]


def test_a_changed_word_moves_what_the_text_says(translator, meadow, found):
    run, one = found
    other = trace(translator, encoder_decoder.CHANGED, target_ids=one.ids)
    source, target = steps.change(run, other, "encoder"), steps.change(run, other)
    assert (source[1:] > NOISE).all() and (target[1:] > NOISE).all(), (source.min(), target[1:].min())
    alone = steps.change(*(trace(meadow, text) for text in (SENTENCE, encoder_decoder.CHANGED)))
    place = int((alone[0] > 0).argmax())
    assert (alone[:, :place] < NOISE).all() and (alone[1:, place:] > 1e-3).all()


def test_a_slip_is_forgiven_when_the_right_words_follow_and_not_when_its_own_do(translator, found):
    """The untouched demo: one line up to the slip, a peak after it, and only the fed line comes down again."""
    _, one = found
    place, offers = encoder_decoder.SLIP, feeding.offered(found[1], encoder_decoder.SLIP)
    wrong = offers[feeding.default(one, offers)]
    assert translator.vocabulary[wrong] == "那" == one.tokens[encoder_decoder.SLIPPED]
    assert one.losses[place] < 0.5, "the model did not want to"
    ways = feeding.fed(translator, SENTENCE, one.ids, place, wrong)
    taught, slipped, free = (ways[way].losses for way in feeding.WAYS)
    assert abs(taught[0] - slipped[0]) < 1e-4 and abs(taught[0] - free[0]) < 1e-4
    assert slipped[1] > 2 and slipped[3:].max() < 1
    assert free[1:].mean() > 3 and "树" not in ways["free"].tokens and "狗" in ways["free"].tokens, "the tree is lost"


def test_another_noun_changes_nothing_after_it(translator, found):
    _, one = found
    place = one.tokens.index("狗")
    wrong = feeding.offered(one, place)[0]
    ways = feeding.fed(translator, SENTENCE, one.ids, place, wrong)
    assert ways["free"].ids == (*one.ids[:place], wrong, *one.ids[place + 1 :])
    assert max(way.losses.max() for way in ways.values()) < 1


def test_without_the_source_it_writes_the_same_chinese_about_nothing(translator, found):
    run, one = found
    off = writing.cross_off(run)
    texts = (SENTENCE, encoder_decoder.OTHER, encoder_decoder.EXAMPLES[1])
    lines = [writing.translate_from(translator, text, (), off, MOST) for text in texts]
    assert len({line.ids for line in lines}) == 1 and lines[0].ids != one.ids
    written = "".join(lines[0].tokens[:-1])
    assert lines[0].ended and len(written) > 5
    assert re.fullmatch(r"[\u4e00-\u9fff，。？：、]+", written), written
    assert "树" not in written and "狗" not in written


def test_bert_is_no_smaller_gpt(bert, meadow):
    """A million parameters each; both begin in Meadow, but only one of them can end, and the other stammers."""
    assert all(0.8e6 < model.parameters < 1.3e6 for model in (bert, meadow))
    begun, most, kept, ended = encoder_decoder.BEGUN, encoder_decoder.MOST_CONTINUED, {}, {}
    for model in (bert, meadow):
        line = writing.go_on(model, trace(model, begun).token_ids.tolist(), most)
        kept[model.kind], ended[model.kind] = jobs.in_meadow(begun, line.tokens) / len(line.tokens), line.ended
    assert ended == {"masked": False, "causal": True}
    assert kept["causal"] == 1 and 0 < kept["masked"] < 0.5
    story = "Once upon a time, there was a girl named"
    line = writing.go_on(bert, trace(bert, story).token_ids.tolist(), most)
    assert jobs.in_meadow(story, line.tokens) / len(line.tokens) > kept["masked"], "a story holds longer"


def test_the_task_can_be_done_with_one_word_and_not_by_doing_nothing(translator):
    goal = next(check.goal for check in checks("encoder_decoder", "en") if check.goal)

    def attempt(text: str):
        done = translate(translator, text, MOST)
        return grade(goal, text, written_probability(done.tokens, done.log_probabilities, goal.word))

    start = translate(translator, goal.start, MOST)
    assert not attempt(goal.start).reached and written_probability(start.tokens, start.log_probabilities, "泉水") > 0.5
    changes = (("likes", "loves"), ("water", "flowers"), ("cool", "warm"))
    done = {new: attempt(goal.start.replace(old, new)) for old, new in changes}
    assert any(one.reached for one in done.values()), done
