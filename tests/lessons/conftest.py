"""What the tests of all lessons share: one thread, and the models they look at."""

import pytest
import torch

from model_utils import Model, load
from tests.lessons import models


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def meadow() -> Model:
    return load("meadow-gpt")


@pytest.fixture(scope="session")
def minilm() -> Model:
    return load("minilm")


@pytest.fixture(scope="session")
def models_on_disk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Model]:
    """One small random model of each of two forms, opened from a folder."""
    folder = tmp_path_factory.mktemp("models")
    return {"gpt2": load(str(models.gpt2(folder / "gpt2"))), "bert": load(str(models.bert(folder / "bert")))}
