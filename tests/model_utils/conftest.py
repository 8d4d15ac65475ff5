"""Models on disk, written once a session, and one thread for torch: small tests must not fight for the cores."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from model_utils import Model, load
from tests.model_utils.families import write

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a small random model of a family."""
    root = tmp_path_factory.mktemp("families")
    return lambda name: root / name if (root / name).exists() else write(name, root / name)


@pytest.fixture
def model_of(folder_of: Callable[[str], Path]) -> Callable[[str], Model]:
    """A small random model of a family, loaded from disk by the code under test."""
    return lambda name: load(str(folder_of(name)))
