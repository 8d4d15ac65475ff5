"""Muon: against the singular value decomposition, and against AdamW where it is AdamW."""

import pytest
import torch
from torch import nn

from model_utils.training.meadow_gpt import SHAPE
from model_utils.training.muon import Muon, orthogonalised
from model_utils.training.network import newborn


@pytest.mark.parametrize("shape", [(128, 384), (128, 128), (512, 128)])
def test_the_update_keeps_directions_and_levels_lengths(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    matrix = torch.randn(shape)
    u, _, vt = torch.linalg.svd(matrix, full_matrices=False)
    inside = u.T @ orthogonalised(matrix) @ vt.T  # diagonal where directions are kept; its entries are the new lengths
    lengths = inside.diagonal()
    assert (inside - lengths.diag()).abs().max() < 1e-3
    assert lengths.quantile(0.02) > 0.6
    assert lengths.max() < 1.3


def test_only_the_matrices_of_the_blocks_are_turned_and_the_rest_is_adamw() -> None:
    ours, theirs = newborn(SHAPE, 300, seed=0), newborn(SHAPE, 300, seed=0)
    tokens = torch.arange(40).reshape(2, 20)
    muon = Muon(ours, weight_decay=0.0)
    adamw = torch.optim.AdamW(theirs.parameters(), lr=1e-2, betas=(0.9, 0.98), weight_decay=0.0)
    for network, optimizer in ((ours, muon), (theirs, adamw)):
        for group in optimizer.param_groups:
            group["lr"] = 1e-2
        network(input_ids=tokens, labels=tokens).loss.backward()
        optimizer.step()
    pairs = zip(ours.named_parameters(), theirs.parameters(), strict=True)
    same = {name for (name, a), b in pairs if torch.equal(a, b)}
    turned = {name for name, p in ours.named_parameters() if p.dim() == 2 and ".h." in name}
    assert len(turned) == 20
    assert same == {name for name, _ in ours.named_parameters()} - turned


def test_in_bfloat16_the_update_points_the_same_way() -> None:
    networks = [newborn(SHAPE, 300, seed=0) for _ in range(2)]
    before = {name: p.detach().clone() for name, p in networks[0].named_parameters()}
    tokens = torch.arange(40).reshape(2, 20)
    for network, bfloat16 in zip(networks, (False, True), strict=True):
        muon = Muon(network, weight_decay=0.0, bfloat16=bfloat16)
        for group in muon.param_groups:
            group["lr"] = 1e-2
        network(input_ids=tokens, labels=tokens).loss.backward()
        muon.step()
    name = "transformer.h.0.mlp.c_fc.weight"
    plain, rounded = (network.get_parameter(name).detach() - before[name] for network in networks)
    assert torch.cosine_similarity(plain.flatten(), rounded.flatten(), dim=0) > 0.99
    assert not torch.equal(plain, rounded)


def test_its_state_survives_a_save() -> None:
    network = nn.ModuleDict({"h": nn.ModuleList([nn.Linear(4, 4)])})
    wrapped = nn.ModuleDict({"model": network})
    optimizer = Muon(wrapped, weight_decay=0.1)
    for parameter in wrapped.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    again = Muon(wrapped, weight_decay=0.1)
    again.load_state_dict(optimizer.state_dict())
    weight = network["h"][0].weight
    assert torch.equal(again.state[weight]["momentum"], optimizer.state[weight]["momentum"])
