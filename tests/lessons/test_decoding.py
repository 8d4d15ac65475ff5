"""Our few lines of decoding against transformers: the same tokens survive, the same text is written."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from transformers.generation import logits_process

from lessons.decoding import maths, strategies, trees
from lessons.decoding.strategies import Settings, walks
from model_utils.decoding.networks import ends_of, next_logits_of, read_out
from model_utils.reading import read

PROMPTS = ("the dogs near", "the tree", "dogs are near the dogs")


def random_logits(seed: int, size: int = 200) -> torch.Tensor:
    return torch.randn(size, generator=torch.Generator().manual_seed(seed)) * 3


def theirs(processor, logits: torch.Tensor, ids: torch.Tensor | None = None) -> torch.Tensor:
    read_so_far = torch.zeros(1, 0, dtype=torch.long) if ids is None else ids[None]
    return processor(read_so_far, logits[None].clone())[0]


def same(ours: torch.Tensor, other: torch.Tensor) -> None:
    torch.testing.assert_close(torch.isfinite(ours), torch.isfinite(other))
    torch.testing.assert_close(torch.softmax(ours, 0), torch.softmax(other, 0), rtol=0, atol=0)


@given(seed=some.integers(0, 2**31), value=some.floats(0.05, 0.99), k=some.integers(1, 250))
def test_each_change_leaves_what_transformers_leaves(seed, value, k):
    logits = random_logits(seed)
    same(maths.tempered(logits, value * 3), theirs(logits_process.TemperatureLogitsWarper(value * 3), logits))
    same(maths.top_k(logits, k), theirs(logits_process.TopKLogitsWarper(k), logits))
    same(maths.top_p(logits, value), theirs(logits_process.TopPLogitsWarper(value), logits))
    same(maths.min_p(logits, value), theirs(logits_process.MinPLogitsWarper(value), logits))


def test_ties_survive_together_as_in_transformers():
    logits = torch.tensor([2.0, 1.0, 1.0, 1.0, 0.0])
    same(maths.top_k(logits, 2), theirs(logits_process.TopKLogitsWarper(2), logits))
    assert torch.isfinite(maths.top_k(logits, 2)).tolist() == [True, True, True, True, False]
    same(maths.min_p(logits, math.exp(-1) - 1e-4), theirs(logits_process.MinPLogitsWarper(math.exp(-1) - 1e-4), logits))


@given(seed=some.integers(0, 2**31), penalty=some.floats(1.0, 3.0), n=some.integers(1, 5), length=some.integers(1, 30))
def test_repetition_is_punished_as_transformers_punishes_it(seed, penalty, n, length):
    logits, dice = random_logits(seed, 12), torch.Generator().manual_seed(seed)
    ids = torch.randint(0, 6, (length,), generator=dice)
    same(
        maths.repetition_penalty(logits, ids, penalty),
        theirs(logits_process.RepetitionPenaltyLogitsProcessor(penalty), logits, ids),
    )
    same(maths.no_repeat_ngram(logits, ids, n), theirs(logits_process.NoRepeatNGramLogitsProcessor(n), logits, ids))


@given(seed=some.integers(0, 2**31), value=some.floats(0.05, 0.99))
def test_a_cut_keeps_the_likeliest_and_never_a_less_likely_token_before_a_likelier_one(seed, value):
    logits = random_logits(seed)
    for changed in (maths.top_p(logits, value), maths.min_p(logits, value), maths.top_k(logits, 7)):
        kept = torch.isfinite(changed)
        assert kept[logits.argmax()]
        assert not (~kept).any() or logits[kept].min() >= logits[~kept].max()
    probs = torch.softmax(logits.double(), 0)
    kept = torch.isfinite(maths.top_p(logits, value))
    assert probs[kept].sum() > value - 1e-4
    assert probs[kept].sum() - probs[kept].min() < value + 1e-4  # one token less would not do


@given(seed=some.integers(0, 2**31), temperature=some.floats(0.05, 20))
def test_temperature_keeps_the_order(seed, temperature):
    logits = random_logits(seed)
    assert (maths.tempered(logits, temperature).argsort(stable=True) == logits.argsort(stable=True)).all()


def test_draws_have_the_frequencies_of_the_distribution():
    logits = random_logits(1, 6) / 3
    luck = strategies.luck(3, 0, 20_000)
    drawn = torch.tensor([maths.draw(logits, each) for each in luck]).bincount(minlength=6) / len(luck)
    torch.testing.assert_close(drawn, torch.softmax(logits, 0), rtol=0, atol=4 * 0.5 / math.sqrt(len(luck)))


def test_a_draw_never_takes_what_was_cut():
    changed = torch.tensor([-math.inf, 0.3, -math.inf, 0.1])
    assert {maths.draw(changed, luck) for luck in (0.0, 0.2, 0.5499, 0.56, 0.999999, 1.0)} == {1, 3}


def test_the_same_seed_gives_the_same_luck_and_samples_differ():
    assert strategies.luck(5, 0, 8) == strategies.luck(5, 0, 8)[:8] == strategies.luck(5, 0, 20)[:8]
    assert strategies.luck(5, 0, 8) != strategies.luck(5, 1, 8) != strategies.luck(6, 1, 8)


def generated(model, prompt, steps, **how):
    """transformers' own texts after the prompt, with the scores of beams."""
    ids, ends = torch.tensor([prompt]), sorted(ends_of(model))
    with torch.no_grad():
        found = model.network.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=steps, do_sample=False, pad_token_id=0,
            eos_token_id=ends or None, return_dict_in_generate=True, output_scores=True, **how,
        )  # fmt: skip
    return [_until_end(row[len(prompt) :].tolist(), ends) for row in found.sequences], found


def _until_end(ids, ends):
    return ids[: next((place + 1 for place, token in enumerate(ids) if token in ends), len(ids))]


@pytest.mark.parametrize("text", PROMPTS)
@pytest.mark.parametrize(
    ("strategy", "how"),
    [("greedy", {}), ("penalty", {"repetition_penalty": 1.3}), ("no_repeat", {"no_repeat_ngram_size": 3})],
)
def test_what_takes_the_likeliest_writes_what_generate_writes(models_on_disk, text, strategy, how):
    model = models_on_disk["gpt2"]
    prompt = read(model, text).ids
    ours = walks(next_logits_of(model), prompt, ends_of(model), Settings((strategy,), 12))[0]
    assert list(ours.ids) == generated(model, prompt, 12, **how)[0][0]


@pytest.mark.parametrize("model", ["gpt2", "meadow"])
@pytest.mark.parametrize("alpha", [-1.0, 0.0, 1.0, 2.0])
@pytest.mark.parametrize("width", [1, 2, 4])
def test_beams_are_transformers_own(models_on_disk, meadow, model, alpha, width):
    model = meadow if model == "meadow" else models_on_disk["gpt2"]
    for text in ("A tiger", "Once upon a time") if model is meadow else PROMPTS:
        prompt = read(model, text).ids
        asked = Settings(("beam",), 10, beams=width, alpha=alpha)
        ours = [each for each in walks(next_logits_of(model), prompt, ends_of(model), asked) if each.dropped_at is None]
        if width == 1:  # transformers takes one beam for greedy search
            assert list(ours[0].ids) == generated(model, prompt, 10)[0][0]
            continue
        theirs, found = generated(model, prompt, 10, num_beams=width, num_return_sequences=width, length_penalty=alpha)
        assert [list(each.ids) for each in ours] == theirs
        scores = torch.tensor([each.score for each in ours])
        torch.testing.assert_close(scores, found.sequences_scores, rtol=1e-4, atol=1e-4)


def test_the_beams_of_a_model_that_ends_early_end_early(meadow):
    prompt = read(meadow, "The dogs near the tree are").ids
    for width in (2, 5):
        found = walks(next_logits_of(meadow), prompt, ends_of(meadow), Settings(("beam",), 24, beams=width))
        living = [each for each in found if each.dropped_at is None]
        assert all(each.ids[-1] in ends_of(meadow) and len(each.ids) < 24 for each in living)
        theirs, _ = generated(meadow, prompt, 24, num_beams=width, num_return_sequences=width)
        assert [list(each.ids) for each in living] == theirs


def test_the_formula_of_the_cost_is_a_sum_over_tokens():
    one_by_one = sum(maths.multiplications(3, 8, 0, 1, seen) for seen in range(1, 11))
    assert maths.multiplications(3, 8, 0, 10, 10) - one_by_one == 3 * 2 * 8 * (10 * 10 - 55)  # the hidden half


def test_equal_settings_are_one_request_and_the_tree_is_one(meadow):
    asked = Settings(strategies.DRAWN, 6, seed=4, samples=2)
    assert hash(asked) == hash(Settings(strategies.DRAWN, 6, seed=4, samples=2))
    assert trees.tree(meadow, "A dog", asked) == trees.tree(meadow, "A dog", asked)


def test_a_full_context_leaves_no_room(models_on_disk):
    model = models_on_disk["gpt2"]
    assert trees.tree(model, "the " * 40, Settings(("greedy",))) is None
    nearly = trees.tree(model, "the " * 30, Settings(("greedy",), may_end=False))
    assert nearly.paths[0].length == 2


def test_the_text_of_a_path_is_what_its_tokens_say(meadow):
    tree = trees.tree(meadow, "The dogs near the tree are", Settings(("greedy", "sample"), 8))
    for path in tree.paths:
        ids = [node.token_id for node in tree.nodes if path.id in node.paths and node.parent is not None]
        said = read_out(meadow, (*read(meadow, tree.prompt).ids, *ids))
        assert tree.prompt + path.text == said
