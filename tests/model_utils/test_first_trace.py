"""The stored first trace: all of a Trace comes back, and it is what the shipped model does today."""

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from model_utils import load as load_model
from model_utils import trace
from model_utils.first_trace import FIRST_TEXT, load, save
from model_utils.interventions import Unscaled
from model_utils.types import AttentionTrace, Trace


def same(left: object, right: object, tolerance: float) -> bool:
    """Equal, arrays up to `tolerance`."""
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and np.allclose(left, right, 0.0, tolerance)
    return left == right


def differing(one: Trace, other: Trace, tolerance: float) -> list[str]:
    """Names of the fields in which two Traces differ; time and device do not count."""
    names = [f.name for f in fields(Trace) if f.name not in ("seconds", "device", "attentions")]
    differ = [name for name in names if not same(getattr(one, name), getattr(other, name), tolerance)]
    for a, b in zip(one.attentions, other.attentions, strict=True):
        parts = [f.name for f in fields(AttentionTrace)]
        differ += [
            f"{name} of layer {a.layer}" for name in parts if not same(getattr(a, name), getattr(b, name), tolerance)
        ]
    return differ


@pytest.fixture(scope="module")
def live() -> Trace:
    return trace(load_model("meadow-gpt"), FIRST_TEXT)


def test_what_is_stored_is_what_the_model_does(live: Trace) -> None:
    assert differing(load(), live, tolerance=1e-4) == []


def test_a_trace_comes_back_with_every_number(live: Trace, tmp_path: Path) -> None:
    save(live, tmp_path / "run.npz")
    back = load(tmp_path / "run.npz")
    assert differing(back, live, tolerance=0.0) == []
    assert (back.seconds, back.device) == (live.seconds, live.device)


def test_a_broken_run_is_not_taken_for_the_first(live: Trace, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="intact"):
        save(replace(live, interventions=(Unscaled(),)), tmp_path / "run.npz")


def test_it_opens_without_torch_and_is_small() -> None:
    code = "import sys; from model_utils.first_trace import load; load(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
    assert (Path(__file__).parents[2] / "model_utils/weights/meadow-gpt/first_trace.npz").stat().st_size < 500_000
