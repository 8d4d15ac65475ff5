"""A network is tried before it is shared: half-loaded and untied ones do not pass."""

import copy
from typing import Any

import pytest
import torch

from model_utils import ModelError, PositionsOff, trace
from model_utils.probing import as_model


@pytest.fixture
def network(model_of: Any) -> Any:
    """A copy of the small GPT-2, to be spoilt."""
    return copy.deepcopy(model_of("gpt2").network)


def test_a_parameter_without_values_does_not_pass(network: Any, model_of: Any) -> None:
    block = network.transformer.h[1].mlp.c_fc
    block.weight = torch.nn.Parameter(torch.empty_like(block.weight, device="meta"), requires_grad=False)
    with pytest.raises(ModelError, match="broken_weights"):
        as_model(network, model_of("gpt2").tokenizer, "half", "causal")


def test_weights_that_should_be_one_and_are_two_do_not_pass(network: Any, model_of: Any) -> None:
    network.lm_head.weight = torch.nn.Parameter(network.lm_head.weight.clone(), requires_grad=False)
    with pytest.raises(ModelError, match="broken_weights"):
        as_model(network, model_of("gpt2").tokenizer, "untied", "causal")


def test_a_network_that_cannot_run_does_not_pass(network: Any, model_of: Any) -> None:
    network.transformer.h[0].attn.c_proj = torch.nn.Linear(5, 5)
    with pytest.raises(ModelError, match="broken_weights"):
        as_model(network, model_of("gpt2").tokenizer, "broken", "causal")


def test_a_network_from_elsewhere_is_made_ready_and_twice_does_no_harm(network: Any, model_of: Any) -> None:
    network.set_attn_implementation("sdpa")
    for _ in range(2):
        model = as_model(network, model_of("gpt2").tokenizer, "mine", "causal")
    assert len(trace(model, "the dogs", [PositionsOff()]).attentions) == 2
    assert len(network.transformer.wpe._forward_hooks) == 1
