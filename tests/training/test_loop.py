"""The loop: its loss against PyTorch's own, its steps against a hand computation, and that stopping is safe."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from model_utils.training.loop import (
    IGNORE,
    Step,
    next_token_loss,
    next_token_loss_by_length,
    train,
    warmup_stable_decay,
)


class Bigram(nn.Module):
    """The smallest language model: the logits are a row of a table."""

    def __init__(self, words: int = 7) -> None:
        super().__init__()
        self.table = nn.Embedding(words, words)

    def forward(self, input_ids: torch.Tensor, use_cache: bool) -> SimpleNamespace:
        return SimpleNamespace(logits=self.table(input_ids))


@pytest.fixture
def network() -> Bigram:
    torch.manual_seed(0)
    return Bigram()


RAGGED = torch.tensor([[0, 3, 5, 0, IGNORE], [0, 1, 2, 6, 0], [0, 4, 0, IGNORE, IGNORE]])


def test_loss_is_the_mean_surprisal_of_the_tokens_that_are_there(network: Bigram) -> None:
    log_probs = F.log_softmax(network.table.weight, dim=-1)
    pairs = [(0, 3), (3, 5), (5, 0), (0, 1), (1, 2), (2, 6), (6, 0), (0, 4), (4, 0)]
    by_hand = -sum(log_probs[now, after] for now, after in pairs) / len(pairs)
    torch.testing.assert_close(next_token_loss(network, RAGGED), by_hand)


@pytest.mark.parametrize("groups", [1, 2, 3, 9])
def test_loss_by_length_is_the_same_number_with_the_same_gradient(network: Bigram, groups: int) -> None:
    whole, grouped = next_token_loss(network, RAGGED), next_token_loss_by_length(network, RAGGED, groups)
    torch.testing.assert_close(grouped, whole)
    (expected,) = torch.autograd.grad(whole, network.table.weight)
    (got,) = torch.autograd.grad(grouped, network.table.weight)
    torch.testing.assert_close(got, expected)


def test_one_step_is_one_update_by_the_gradient(network: Bigram) -> None:
    before = network.table.weight.detach().clone()
    (gradient,) = torch.autograd.grad(next_token_loss(network, RAGGED), network.table.weight)
    optimizer = torch.optim.SGD(network.parameters(), lr=99.0)
    (step,) = train(network, [RAGGED], optimizer, lambda n: 0.5, clip=1e9)
    torch.testing.assert_close(network.table.weight.detach(), before - 0.5 * gradient)
    assert (step.step, step.tokens) == (1, 9)


def test_clipping_bounds_the_length_of_an_update(network: Bigram) -> None:
    before = network.table.weight.detach().clone()
    list(train(network, [RAGGED], torch.optim.SGD(network.parameters()), lambda n: 1.0, clip=0.001))
    assert (network.table.weight.detach() - before).norm().item() == pytest.approx(0.001, rel=1e-3)


def test_the_loss_falls_and_steps_count_on_from_where_they_began(network: Bigram) -> None:
    optimizer = torch.optim.AdamW(network.parameters())
    steps = list(train(network, [RAGGED] * 60, optimizer, lambda n: 0.05, first_step=100))
    assert [step.step for step in steps] == list(range(101, 161))
    assert steps[-1].loss < 0.5 * steps[0].loss
    assert steps[-1].tokens == 60 * 9


def test_a_closed_run_updates_no_more(network: Bigram) -> None:
    run = train(network, [RAGGED] * 5, torch.optim.SGD(network.parameters()), lambda n: 1.0)
    assert isinstance(next(run), Step)
    run.close()
    stopped = network.table.weight.detach().clone()
    assert next(run, None) is None
    assert torch.equal(network.table.weight, stopped)


def test_learning_rate_climbs_stays_and_falls_to_nothing() -> None:
    rate = warmup_stable_decay(peak=2.0, steps=100, warmup=10, decay=0.3)
    assert [rate(0), rate(4), rate(9), rate(40), rate(70)] == pytest.approx([0.2, 1.0, 2.0, 2.0, 2.0])
    assert [rate(85), rate(100), rate(999)] == pytest.approx([1.0, 0.0, 0.0])
    longer = warmup_stable_decay(peak=2.0, steps=200, warmup=10, decay=0.3)
    assert [rate(n) for n in range(70)] == [longer(n) for n in range(70)]
