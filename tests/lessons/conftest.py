"""What the tests of all lessons share: one thread, and the models they look at."""

import pytest
import torch

from model_utils import Model, load


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def meadow() -> Model:
    return load("meadow-gpt")


@pytest.fixture(scope="session")
def minilm() -> Model:
    return load("minilm")
