"""The recipe: the same weights from the same seed, broken and resumed or not, kept at the steps it says."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from model_utils.training.fitting import STATE, fit, load_checkpoint
from model_utils.training.meadow_gpt import RECIPE, SHAPE, checkpoint_steps, prepare
from model_utils.training.network import half_weights, newborn

SMALL = replace(RECIPE, steps=12, batch_size=2, save_every=4, warmup=2)


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    """A folder after an unbroken run, and its losses."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("whole")
    return folder, [step.loss for step in fit(folder, SMALL, prepare(SMALL))]


def test_a_broken_run_goes_on_to_the_same_weights(whole_run: tuple[Path, list[float]], tmp_path: Path) -> None:
    folder, losses = whole_run
    run = fit(tmp_path, SMALL, prepare(SMALL))
    for _ in range(7):  # breaks after step 7, saved at step 4
        next(run)
    run.close()
    assert (tmp_path / STATE).exists()
    steps = list(fit(tmp_path, SMALL, prepare(SMALL), resume=True))
    assert [step.step for step in steps] == list(range(5, 13))
    assert [step.loss for step in steps] == losses[4:]
    for name in ("model.safetensors", "checkpoints/step-000010.safetensors"):
        left, right = load_file(folder / name), load_file(tmp_path / name)
        assert all(torch.equal(left[key], right[key]) for key in left)
    assert not (tmp_path / STATE).exists()


def test_the_first_checkpoint_is_the_newborn(whole_run: tuple[Path, list[float]]) -> None:
    kept = load_checkpoint(whole_run[0], 0)
    born = half_weights(newborn(SHAPE, kept["transformer.wte.weight"].shape[0], SMALL.seed))
    assert kept.keys() == born.keys()
    assert all(torch.equal(kept[name], born[name]) for name in born)
    assert not torch.equal(kept["transformer.wte.weight"], load_checkpoint(whole_run[0], 10)["transformer.wte.weight"])


def test_transformers_opens_what_is_left_in_float32(whole_run: tuple[Path, list[float]]) -> None:
    network = AutoModelForCausalLM.from_pretrained(whole_run[0])
    assert network.dtype == torch.float32
    assert network.lm_head.weight is network.transformer.wte.weight


def test_the_same_seed_is_the_same_newborn_and_another_is_not() -> None:
    one, same, other = (half_weights(newborn(SHAPE, 300, seed))["transformer.wte.weight"] for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_checkpoints_are_spaced_by_log_step_and_with_the_model_sixteen() -> None:
    steps = checkpoint_steps(RECIPE.steps)
    assert len(steps) == 15
    assert steps[:6] == (0, 10, 16, 24, 37, 58)
    assert all(1.5 <= after / before <= 1.6 for before, after in pairwise(steps[1:]))
    assert steps[-1] < RECIPE.steps
