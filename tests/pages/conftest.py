"""Pages are tested without the models: what they say of a run is tested where the runs are."""

import sys

import pytest

import pages.ui  # noqa: F401  (fills sys.modules; the names in pages.ui are functions, not these modules)


@pytest.fixture
def no_model(monkeypatch):
    """Every forward pass that the frame's own pages ask for comes back empty, as after a sentence."""
    for module in ("first_look", "task", "live"):
        monkeypatch.setattr(sys.modules[f"pages.ui.{module}"], "traced", lambda *asked, **more: None)
