"""One thread for torch in every test: faster on small models, and the same numbers on every machine; no timed tests."""

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("clearhead", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clearhead")  # a busy machine is slow, not wrong

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


@pytest.fixture(autouse=True)
def main_module_comes_back() -> Iterator[None]:
    """AppTest leaves its script as `__main__`, and a process spawned by a later test would run that script."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(autouse=True)
def no_moment_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page waits for the browser to show its first lines; here nobody looks."""
    if frame := sys.modules.get("pages.ui.frame"):
        monkeypatch.setattr(frame, "MOMENT", 0.0)
