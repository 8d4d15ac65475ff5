"""Training tests run on one thread: exact repeatability, and no fight for the cores."""

import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)
