"""The stored first trace: all of a Trace comes back, and it is what the shipped model does today."""

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from model_utils import catalogue, first_trace, trace
from model_utils import load as load_model
from model_utils.first_trace import read, save
from model_utils.interventions import Unscaled
from model_utils.types import AttentionTrace, Trace

KEPT = sorted({catalogue.opening(language).id for language in ("en", "zh")} | {"meadow-gpt"})


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
    return trace(load_model("meadow-gpt"), "The dogs near the tree are")


@pytest.mark.parametrize("model_id", KEPT)
def test_what_is_stored_is_what_the_model_does(model_id: str) -> None:
    model = load_model(model_id)
    run, vocabulary = first_trace.load(model_id)
    live = trace(model, catalogue.find(model_id).first_text)
    assert differing(run, live, tolerance=1e-3) == []
    assert vocabulary == model.vocabulary


def test_a_trace_comes_back_with_every_number(live: Trace, tmp_path: Path) -> None:
    save(live, ("a", " b"), tmp_path / "run.npz")
    back, vocabulary = read(tmp_path / "run.npz")
    assert vocabulary == ("a", " b")
    assert differing(back, live, tolerance=0.0) == []
    assert (back.seconds, back.device) == (live.seconds, live.device)


def test_a_broken_run_is_not_taken_for_the_first(live: Trace, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="intact"):
        save(replace(live, interventions=(Unscaled(),)), (), tmp_path / "run.npz")


@pytest.mark.parametrize("model_id", KEPT)
def test_it_opens_without_torch_and_is_small(model_id: str) -> None:
    code = (
        f"import sys; from model_utils.first_trace import load; load({model_id!r}); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
    assert (first_trace.WEIGHTS / model_id / first_trace.NAME).stat().st_size < 500_000
