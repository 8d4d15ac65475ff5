"""What the block lesson says of Meadow-GPT, of MiniLM and of newborn stacks, measured."""

import numpy as np
import pytest
import torch

from lessons import block as lesson
from lessons import checks
from lessons.block import counting, depth, lens, maths, network, norms, stream, towards, units
from lessons.block.stream import SWITCHES, Broken
from lessons.next_words import distance
from model_utils import Model, Trace, catalogue, load, trace

LAST = -1
FOLLOWED = [card for card in catalogue.embedded() if card.kind in ("causal", "encoder", "masked")]  # a stack of blocks


def followed(model: Model, text: str) -> tuple[network.Network, stream.Stream, Trace]:
    tables, run = network.read(model), trace(model, text)
    return tables, stream.stream(tables, run), run


def leading(model: Model, text: str) -> list[tuple[str, float]]:
    """The lens at the last word: the likeliest word after each layer."""
    tables, found, _ = followed(model, text)
    read = lens.lens(tables, found)
    pairs = zip(read.ids[LAST, :, 0], read.probs[LAST, :, 0], strict=True)
    return [(model.vocabulary[place].strip(), float(probability)) for place, probability in pairs]


def left(model: Model, text: str, part: str, layer: int | None) -> float:
    """What is left of the intact prediction without a part."""
    tables, _, run = followed(model, text)
    found = stream.stream(tables, run, Broken(part, layer))
    logits = maths.logit_lens(torch.tensor(found.states[-1, -1]), tables.final_norm, tables.unembedding)
    return float(torch.softmax(logits, dim=-1)[run.logits[-1].argmax()])


@pytest.mark.parametrize(("model_id", "text"), [("meadow-gpt", lesson.CAPITAL), ("minilm", "The bank of the river.")])
def test_our_few_lines_are_the_shipped_models(model_id, text):
    tables, found, run = followed(load(model_id), text)
    assert stream.difference(found, run) < 1e-5
    if run.logits is not None:
        logits = maths.logit_lens(torch.tensor(found.states[-1]), tables.final_norm, tables.unembedding)
        np.testing.assert_allclose(logits, run.logits, atol=1e-5 * np.abs(run.logits).max())


@pytest.mark.parametrize("card", FOLLOWED, ids=lambda card: card.id)
def test_every_model_that_comes_along_can_be_followed(card):
    _, found, run = followed(load(card.id), card.first_text or lesson.CAPITAL)
    assert stream.follows(found, run)


def test_the_first_mlp_pushes_hardest_towards_paris(meadow):
    tables, found, _ = followed(meadow, lesson.CAPITAL)
    pushed = towards.pushes(tables, found, LAST)
    assert meadow.vocabulary[pushed.word] == " Paris"
    parts = dict(zip(found.names, pushed.parts, strict=True))
    first = parts["mlp", 0]
    assert first == max(parts.values())
    assert first > sum(parts["attention", layer] for layer in range(5))
    assert all(abs(parts[name]) < 0.2 for name in (("embedding", -1), ("position", -1), ("attention", 0)))
    sizes = dict(zip(found.names, norms.lengths(found.added, LAST), strict=True))
    assert sizes["embedding", -1] < 10 and sizes["position", -1] < 10 and sizes["mlp", 0] > 300
    assert sizes["attention", 0] < sizes["mlp", 0] / 10
    assert left(meadow, lesson.CAPITAL, "attention", 0) < 0.1, "without what it fetched, the MLP cannot answer"


def test_all_parts_count_up_to_the_model_and_two_thirds_of_a_block_are_mlp(meadow):
    found = counting.count(meadow)
    assert found.total == found.own == catalogue.find("meadow-gpt").parameters
    attention, mlp, both = counting.shape(meadow).of_block()
    assert mlp / (attention + mlp + both) == pytest.approx(2 / 3, abs=0.01)


def test_the_units_with_a_story_have_it(meadow):
    for text, layer, unit, words in (
        (lesson.NUMBER, 1, 399, {"have", "are", "were"}),
        (lesson.CAPITAL, 3, 164, {"Oslo", "Bangkok", "Lisbon"}),
    ):
        tables, found, _ = followed(meadow, text)
        opened = units.units(tables, found, layer, LAST)
        assert unit in opened.strongest
        row = list(opened.strongest).index(unit)
        assert {meadow.vocabulary[place].strip() for place in opened.towards[row]} == words
        assert opened.firing < len(opened.activations) / 4, "most are silent"


def test_the_lens_goes_from_the_word_itself_to_the_truth(meadow):
    found = leading(meadow, lesson.NUMBER)
    assert [word for word, _ in found] == ["tree", ".", "are", "are", "are", "are"]
    tables, traced, run = followed(meadow, lesson.NUMBER)
    read = lens.lens(tables, traced)
    truth = lens.truth(run, meadow.vocabulary, read.first)
    far = [distance(truth.last, probs) for probs in read.last]
    assert far[0] > 0.9 and far[-1] < 0.02 and far[-1] == min(far)
    assert len(np.flatnonzero(truth.last)) == 3


def test_only_some_parts_can_be_missed(meadow):
    keeps = {(part, layer): left(meadow, lesson.CAPITAL, part, layer) for part in SWITCHES for layer in range(5)}
    for part in ("mlp", "attention"):
        assert keeps[part, 0] < 0.1 and all(keeps[part, layer] > 0.9 for layer in range(1, 5))
        assert keeps[part, lesson.SHOWN_LAYER] == pytest.approx(0.999, abs=0.001)
    assert all(keeps["norm", layer] < 0.5 for layer in range(5)), "no LayerNorm can be missed"
    assert keeps["residual", 0] > 0.9 and all(keeps["residual", layer] < 0.1 for layer in range(1, 5))
    assert all(left(meadow, lesson.CAPITAL, part, None) < 0.1 for part in SWITCHES)
    tables, _, run = followed(meadow, lesson.CAPITAL)
    swept = stream.sweep(tables, run, int(run.logits[-1].argmax()))
    np.testing.assert_allclose(swept[:, 1:], [[keeps[part, layer] for layer in range(5)] for part in SWITCHES])


def test_the_stream_swells_with_the_norm_first_and_not_with_the_norm_last(meadow):
    tables, found, run = followed(meadow, lesson.NUMBER)
    own, other = (norms.lengths(states, LAST) for states in stream.both_orders(tables, found, run))
    assert own[0] < 10 and own[-1] > 500 and other[2:].max() < 50
    tables, found, run = followed(load("minilm"), "The bank of the river.")
    own, other = (norms.lengths(states, 2) for states in stream.both_orders(tables, found, run))
    assert own[3:].max() < 1.5 * own[3:].min() and other[-1] > 1.6 * other[3]


def test_dog_and_dogs_share_what_does_not_look(meadow):
    first, second = (followed(meadow, text)[1] for text in lesson.NEAR_TEXTS)
    apart = norms.apart(first, second)
    assert apart[0] == 0 and apart[1] == 0 and (apart[2:] > 0).all()
    longer = norms.lengths(second.added, LAST) - norms.lengths(first.added, LAST)
    assert (apart[2:] >= np.abs(longer[2:]) - 1e-3).all() and apart[6] > 5 * abs(longer[6])


@pytest.mark.parametrize("blocks", [int(blocks) for blocks in lesson.DEPTHS])
def test_without_the_residual_all_words_become_one(blocks):
    stacks = {name: depth.deep(name, blocks) for name in depth.STACKS}
    assert stacks["no_residual"].alike[4] > 0.999
    assert all(stacks[name].alike[4] < 0.75 for name in depth.STACKS if name != "no_residual")
    assert stacks["pre"].alike[-1] == min(found.alike[-1] for found in stacks.values()) < 0.95


def test_gradients_explode_without_the_norm_and_follow_xiong_with_it():
    shallow, deep = ({name: depth.deep(name, blocks) for name in depth.STACKS} for blocks in (6, 48))
    middle = {name: depth.deep(name, 24).slopes for name in depth.STACKS}
    assert middle["no_norm"].min() > 1e8 and all(middle[name].max() < 5 for name in depth.STACKS[:3])
    pre, post = (deep[name].slopes[-1] / shallow[name].slopes[-1] for name in ("pre", "post"))
    assert post == pytest.approx(1, abs=0.25)
    assert pre == pytest.approx((6 / 48) ** 0.5, rel=0.25)


def test_the_verdict_leads_only_after_layer_2_and_turns_with_one_word(meadow):
    goal = next(check.goal for check in checks("block", "en") if check.goal)
    before = [word for word, _ in leading(meadow, goal.start)]
    assert before.index("negative") == 3, "0 is the start, so this is layer 2"
    assert "positive" not in before
    for old, new in (("hated", "loved"), ("dull", "great")):
        word, probability = leading(meadow, goal.start.replace(old, new))[-1]
        assert (word, probability > goal.at_least) == ("positive", True)
