"""An LSTM as one of transformers' models: opened from a folder, traced without attention, its gates told one by one."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from transformers import AutoModelForCausalLM

from model_utils import HeadOff, Model, ModelError, OwnMask, PositionsOff, Unscaled, load, trace
from model_utils.probing import as_model
from model_utils.recurrent import LstmConfig, LstmForCausalLM, states
from tests.model_utils.families import SIZE, byte_level

TEXT = "the dogs near the tree are on the river mat"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random LSTM on disk."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("lstm")
    config = LstmConfig(vocab_size=SIZE, hidden_size=24, num_hidden_layers=2, initializer_range=0.5)
    network = LstmForCausalLM(config)
    for layer in network.model.layers:
        nn.init.normal_(layer.bias_hh_l0)
        nn.init.normal_(layer.bias_ih_l0)
    network.save_pretrained(folder)
    byte_level().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return load(str(folder))


def in_one_lstm(network: Any, token_ids: list[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The same weights in one nn.LSTM of two layers: h of the last layer (T, C), and h and c at the end (L, C)."""
    C = network.config.hidden_size
    whole = nn.LSTM(C, C, num_layers=2)
    with torch.no_grad():
        for number, layer in enumerate(network.model.layers):
            for name, value in layer.named_parameters():
                getattr(whole, name.replace("l0", f"l{number}")).copy_(value)
        h, (last_h, last_c) = whole(network.get_input_embeddings()(torch.tensor(token_ids)))
    return h, last_h, last_c


def test_a_trace_has_states_and_logits_and_no_attention(model: Model, folder: Path) -> None:
    run = trace(model, TEXT)
    h, last_h, _ = in_one_lstm(model.network, run.token_ids.tolist())
    assert run.model_kind == model.kind == "recurrent" and run.attentions == ()
    assert run.hidden_states.shape == (3, len(run.tokens), 24)
    np.testing.assert_allclose(run.hidden_states[2], h, atol=1e-6)
    np.testing.assert_allclose(run.hidden_states[1:, -1], last_h, atol=1e-6)
    table = model.network.get_input_embeddings().weight
    np.testing.assert_allclose(run.hidden_states[0], table[run.token_ids], atol=0)
    np.testing.assert_allclose(run.logits, h @ table.T, atol=1e-4)
    opened = AutoModelForCausalLM.from_pretrained(folder)
    assert isinstance(opened, LstmForCausalLM)
    with torch.no_grad():
        np.testing.assert_allclose(opened(torch.tensor(run.token_ids)[None]).logits[0], run.logits, atol=1e-5)


def test_the_gates_computed_by_hand_are_those_of_pytorch(model: Model) -> None:
    ids = trace(model, TEXT).token_ids.tolist()
    inside = states(model.network, ids)
    h, last_h, last_c = in_one_lstm(model.network, ids)
    np.testing.assert_allclose(inside.h[1], h, atol=1e-6)
    np.testing.assert_allclose(inside.h[:, -1], last_h, atol=1e-6)
    np.testing.assert_allclose(inside.c[:, -1], last_c, atol=1e-6)
    np.testing.assert_allclose(inside.h, trace(model, TEXT).hidden_states[1:], atol=1e-6)
    for gate in (inside.written, inside.kept, inside.shown):
        assert gate.shape == (2, len(ids), 24) and ((gate > 0) & (gate < 1)).all()
    before = np.concatenate([np.zeros_like(inside.c[:, :1]), inside.c[:, :-1]], axis=1)
    np.testing.assert_allclose(inside.c, inside.kept * before + inside.written * inside.proposed, atol=1e-6)
    np.testing.assert_allclose(inside.h, inside.shown * np.tanh(inside.c), atol=1e-6)


def test_it_goes_on_from_its_state_as_if_it_had_read_all(model: Model) -> None:
    ids = torch.tensor(trace(model, TEXT).token_ids)[None]
    with torch.no_grad():
        whole = model.network(ids)
        first = model.network(ids[:, :4], use_cache=True)
        rest = model.network(ids[:, 4:], past_key_values=first.past_key_values)
    torch.testing.assert_close(torch.cat([first.logits, rest.logits], dim=1), whole.logits)
    assert whole.past_key_values is None and whole.hidden_states is None


def test_its_own_loss_is_that_of_the_next_token(model: Model) -> None:
    ids = torch.tensor(trace(model, TEXT).token_ids)[None]
    labels = ids.clone()
    labels[:, -1] = -100
    with torch.no_grad():
        output = model.network(ids, labels=labels)
    expected = -output.logits[0, :-2].log_softmax(-1).gather(1, ids[0, 1:-1, None]).mean()
    torch.testing.assert_close(output.loss, expected)


@pytest.mark.parametrize("switch", [Unscaled(), PositionsOff(), HeadOff(0, 0), OwnMask(((True,),))])
def test_no_switch_pretends_to_have_switched_something(model: Model, switch: Any) -> None:
    with pytest.raises(ModelError, match="other_kind"):
        trace(model, TEXT, [switch])


def test_a_half_loaded_one_does_not_pass(model: Model, folder: Path) -> None:
    network = AutoModelForCausalLM.from_pretrained(folder)
    network.model.layers[1].weight_ih_l0 = nn.Parameter(torch.empty(96, 24, device="meta"))
    with pytest.raises(ModelError, match="broken_weights"):
        as_model(network, model.tokenizer, "half", "recurrent")


def test_a_folder_that_lacks_a_layer_is_refused(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    with pytest.raises(ModelError, match="incomplete_weights"):
        load(str(tmp_path))
