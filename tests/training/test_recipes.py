"""The recipes, trained for a few steps on a little text: they learn, and a broken run is no other."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from model_utils.training import (
    meadow_bert,
    meadow_rnn,
    meadow_translator,
    poem_gpt,
    storybook_bert,
    storybook_gpt,
)
from model_utils.training.fitting import Recipe, Work, fit
from model_utils.training.network import Shape
from tests.training.own import BOOK, POEMS

SMALL = Shape(layers=2, heads=2, width=32, max_tokens=32)
BRIEF = replace(storybook_gpt.RECIPE, steps=24, batch_size=4, warmup=4, save_every=5)


def _storybook(recipe: Recipe) -> Work:
    return storybook_gpt.prepare(BOOK, recipe, SMALL, pieces=320)


def _storybook_bert(recipe: Recipe) -> Work:
    return storybook_bert.prepare(BOOK, recipe, SMALL, pieces=320, elder=None)


def _meadow_bert(recipe: Recipe) -> Work:
    return meadow_bert.prepare(replace(recipe, batch_size=8), replace(SMALL, max_tokens=128))


def _poem(recipe: Recipe) -> Work:
    return poem_gpt.prepare(POEMS, replace(recipe, batch_size=200), replace(SMALL, max_tokens=64), often=9)


def _translator(recipe: Recipe) -> Work:
    shape = meadow_translator.Shape(encoder_layers=1, decoder_layers=2, heads=2, width=32, inner=48, max_tokens=160)
    return meadow_translator.prepare(replace(recipe, data_seed=5), shape)


def _rnn(recipe: Recipe) -> Work:
    return meadow_rnn.prepare(replace(recipe, data_seed=5), width=64)


RECIPES = {
    "storybook": _storybook,
    "poem": _poem,
    "storybook_bert": _storybook_bert,
    "meadow_bert": _meadow_bert,
    "translator": _translator,
    "rnn": _rnn,
}


@pytest.fixture(params=RECIPES.values(), ids=[*RECIPES])
def prepare(request: pytest.FixtureRequest) -> Callable[[Recipe], Work]:
    return request.param


def test_a_few_steps_are_enough_to_see_the_loss_fall(prepare: Callable[[Recipe], Work], tmp_path: Path) -> None:
    losses = [step.loss for step in fit(tmp_path, BRIEF, prepare(BRIEF))]
    assert len(losses) == BRIEF.steps
    assert sum(losses[-3:]) < 0.85 * sum(losses[:3])


def test_a_broken_run_goes_on_to_the_same_weights(prepare: Callable[[Recipe], Work], tmp_path: Path) -> None:
    short = replace(BRIEF, steps=12)
    whole = [step.loss for step in fit(tmp_path / "whole", short, prepare(short))]
    run = fit(tmp_path / "broken", short, prepare(short))
    assert [step.loss for step in islice(run, 7)] == whole[:7]
    run.close()
    assert [step.loss for step in fit(tmp_path / "broken", short, prepare(short), resume=True)] == whole[5:]
    left, right = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "broken"))
    assert all(torch.equal(left[key], right[key]) for key in left)
    assert not (tmp_path / "broken" / "checkpoints").exists()


def test_batches_from_the_middle_are_those_of_the_whole_stream(prepare: Callable[[Recipe], Work]) -> None:
    work = prepare(BRIEF)
    whole = list(islice(work.batches(0), 14))
    for expected, batch in zip(whole[9:], work.batches(9), strict=False):
        assert torch.equal(expected, batch)
    assert not all(torch.equal(whole[0], other) for other in whole[1:])


def test_a_window_of_a_book_begins_with_end_and_the_start_of_a_sentence() -> None:
    work = _storybook(BRIEF)
    for batch in islice(work.batches(0), 12):
        assert batch.shape == (4, SMALL.max_tokens + 1)
        assert (batch[:, 0] == 0).all()
        for row in batch.tolist():
            assert work.words.decode(row)[0] in 'OTW"ISA', work.words.decode(row)


def test_every_stretch_of_a_book_is_met_in_a_round() -> None:
    work = _storybook(BRIEF)
    whole = [i for text in BOOK.train for i in storybook_gpt.ids_of(work.words, text).tolist()]
    a_round = (len(whole) // SMALL.max_tokens - 2) // BRIEF.batch_size
    met = {tuple(row[1:9]) for batch in islice(work.batches(0), 3 * a_round) for row in batch.tolist()}
    sentences = storybook_gpt.sentence_starts(work.words, torch.tensor(whole).numpy())
    assert len(met) >= 0.7 * len({tuple(whole[i : i + 8]) for i in sentences})


def test_a_round_of_poems_has_each_once_and_all_ways_of_asking() -> None:
    work = _poem(BRIEF)
    recipe = replace(BRIEF, batch_size=200)
    lengths = torch.tensor([29, 37, 53]).numpy()
    plan = poem_gpt.plan(torch.tensor([0] * 13 + [2] * 7).numpy(), lengths, recipe, turn=3)
    met = [i for poems, _ in plan for i in poems.tolist()]
    assert len(met) == len(set(met)) == 2 * (200 // 29) + 2 * (200 // 53)
    assert {length for _, length in plan} == {29, 53}
    starts = {
        tuple(work.words.id_to_token(i) for i in row[1:3]) for b in islice(work.batches(0), 20) for row in b.tolist()
    }
    told = {sum(len(token) == 4 for token in pair) for pair in starts}
    assert told == {0, 1, 2}


def test_every_poem_ends_where_its_end_is_learnt() -> None:
    for batch in islice(_poem(BRIEF).batches(0), 10):
        for row in batch.tolist():
            ids = [i for i in row if i >= 0]
            assert ids[0] == 0
            assert ids[-1] == 0 or len(ids) == len(row)
