"""The block lesson: its few lines are PyTorch's own layers and the models' own forward pass, switches included."""

from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lessons.block import maths, network, stream
from lessons.block.network import Attention, Block, Mlp, Norm
from lessons.block.stream import SWITCHES, Broken
from model_utils import Model, Trace, trace

T, C, H = 6, 24, 3
TEXT = "the dogs near the tree"


@pytest.fixture(scope="module", params=["gpt2", "bert"])
def model_and_run(request, models_on_disk) -> tuple[Model, Trace]:
    model = models_on_disk[request.param]
    return model, trace(model, TEXT)


def norm_of(layer: nn.LayerNorm) -> Norm:
    return Norm(layer.weight, layer.bias, layer.eps)


def block_of(layer: nn.TransformerEncoderLayer) -> Block:
    """PyTorch's own encoder layer as a block of ours."""
    own = layer.self_attn
    W, b = tuple(part.T for part in own.in_proj_weight.chunk(3)), own.in_proj_bias.chunk(3)
    attention = Attention(W, b, own.out_proj.weight.T, own.out_proj.bias, H, causal=False)
    linears = (layer.linear1.weight.T, layer.linear1.bias, layer.linear2.weight.T, layer.linear2.bias)
    return Block(attention, Mlp(*linears, maths.gelu), norm_of(layer.norm1), norm_of(layer.norm2))


@pytest.mark.parametrize("first", [True, False])
@torch.no_grad()
def test_a_block_is_pytorchs_own_in_both_orders(first):
    torch.manual_seed(1)
    theirs = nn.TransformerEncoderLayer(C, H, 4 * C, dropout=0, activation="gelu", norm_first=first, batch_first=True)
    for parameter in theirs.parameters():
        nn.init.normal_(parameter, std=0.4)
    x = torch.randn(T, C)
    order = maths.pre_norm if first else maths.post_norm
    _, (_, ours) = maths.block(x, block_of(theirs.eval()), order)
    torch.testing.assert_close(ours, theirs(x[None])[0], atol=1e-4, rtol=1e-4)


def test_layer_norm_and_gelu_are_pytorchs_own():
    torch.manual_seed(2)
    x, gain, shift = torch.randn(T, C) * 30 + 4, torch.randn(C), torch.randn(C)
    torch.testing.assert_close(
        maths.layer_norm(x, Norm(gain, shift, 1e-5)), F.layer_norm(x, (C,), gain, shift, 1e-5), atol=1e-5, rtol=1e-5
    )
    torch.testing.assert_close(maths.gelu(x), F.gelu(x))
    torch.testing.assert_close(maths.gelu_tanh(x), F.gelu(x, approximate="tanh"))


def test_a_norm_leaves_mean_0_and_spread_1_and_does_not_hear_the_loudness():
    x, norm = torch.randn(T, C) * 7 + 3, Norm(torch.ones(C), torch.zeros(C), 1e-5)
    normal = maths.layer_norm(x, norm)
    assert normal.mean(dim=-1).abs().max() < 1e-5 and (normal.std(dim=-1, correction=0) - 1).abs().max() < 1e-4
    torch.testing.assert_close(maths.layer_norm(100 * x, norm), normal, atol=1e-4, rtol=1e-4)
    assert maths.layer_norm(x, None) is x


def test_causal_attention_is_pytorchs_own():
    W, b = tuple(torch.randn(3, C, C) / 5), tuple(torch.randn(3, C))
    part, x = Attention(W, b, torch.eye(C), torch.zeros(C), H, causal=True), torch.randn(T, C)
    heads = ((x @ W[n] + b[n]).reshape(T, H, C // H).transpose(0, 1) for n in range(3))
    theirs = F.scaled_dot_product_attention(*heads, is_causal=True).transpose(0, 1).reshape(T, C)
    torch.testing.assert_close(maths.attention(x, part), theirs, atol=1e-5, rtol=1e-5)


def test_our_forward_pass_is_the_models_own(model_and_run):
    model, run = model_and_run
    ours = network.read(model)
    found = stream.stream(ours, run)
    assert found.layers.shape == run.hidden_states.shape
    assert stream.difference(found, run) < 1e-5 and stream.follows(found, run)
    if run.logits is not None:
        logits = maths.logit_lens(torch.tensor(found.states[-1]), ours.final_norm, ours.unembedding)
        np.testing.assert_allclose(logits, run.logits, atol=1e-5)


def test_each_block_by_itself_is_the_models_own(model_and_run):
    model, run = model_and_run
    ours, body = network.read(model), model.network.base_model
    theirs = body.h if model.kind == "causal" else body.encoder.layer
    order = maths.pre_norm if ours.pre_norm else maths.post_norm
    with torch.no_grad():
        for layer, block in enumerate(theirs):
            x = torch.tensor(run.hidden_states[layer])
            expected = block(x[None])
            expected = expected[0] if isinstance(expected, tuple) else expected
            _, (_, after) = maths.block(x, ours.blocks[layer], order)
            if (
                model.kind == "causal"
            ):  # by itself, without the mask that the model hands in, only the last place agrees
                after, expected = after[-1:], expected[..., -1:, :]
            torch.testing.assert_close(after, expected.reshape(after.shape), atol=1e-5, rtol=1e-5)


def test_what_is_added_adds_up_to_the_last_state(models_on_disk):
    model = models_on_disk["gpt2"]
    found = stream.stream(network.read(model), trace(model, TEXT))
    assert found.names[:4] == (("embedding", -1), ("position", -1), ("attention", 0), ("mlp", 0))
    np.testing.assert_allclose(found.added.sum(axis=0), found.states[-1], atol=1e-5)
    np.testing.assert_allclose(found.added.cumsum(axis=0), found.states, atol=1e-5)


def without_residual(block: nn.Module) -> None:
    """Hooks by which what a part adds has the stream it is added to taken away first."""
    before = {}
    block.ln_1.register_forward_pre_hook(lambda _, given: before.update(attn=given[0]))
    block.ln_2.register_forward_pre_hook(lambda _, given: before.update(mlp=given[0]))
    block.attn.register_forward_hook(lambda _, given, made: (made[0] - before["attn"], *made[1:]))
    block.mlp.register_forward_hook(lambda _, given, made: made - before["mlp"])


def broken_by_hand(model: Model, run: Trace, broken: Broken) -> np.ndarray:
    """The same switch on a copy of the Hugging Face network, with its own modules: logits (T, V)."""
    copy = deepcopy(model.network)
    for layer, block in enumerate(copy.transformer.h):
        if broken.layer in (None, layer):
            if broken.part == "norm":
                block.ln_1 = block.ln_2 = nn.Identity()
            for name, part in (("attention", block.attn.c_proj), ("mlp", block.mlp.c_proj)):
                if broken.part == name:
                    nn.init.zeros_(part.weight), nn.init.zeros_(part.bias)
            if broken.part == "residual":
                without_residual(block)
    with torch.no_grad():
        return copy(torch.tensor(run.token_ids)[None]).logits[0].numpy()


@pytest.mark.parametrize("part", SWITCHES)
@pytest.mark.parametrize("layer", [None, 0, 1])
def test_a_switch_takes_out_what_it_says(models_on_disk, part, layer):
    model = models_on_disk["gpt2"]
    ours, run = network.read(model), trace(model, TEXT)
    found = stream.stream(ours, run, Broken(part, layer))
    logits = maths.logit_lens(torch.tensor(found.states[-1]), ours.final_norm, ours.unembedding).numpy()
    np.testing.assert_allclose(logits, broken_by_hand(model, run, Broken(part, layer)), atol=1e-4)
    assert np.abs(logits - run.logits).max() > 1e-3, "a switch that changes nothing is none"


def test_the_sweep_is_each_switch_by_itself(models_on_disk):
    model = models_on_disk["gpt2"]
    ours, run = network.read(model), trace(model, TEXT)
    left = stream.sweep(ours, run, word=3)
    assert left.shape == (4, 3)
    expected = torch.softmax(torch.tensor(broken_by_hand(model, run, Broken("mlp", 1))[-1]), dim=-1)[3]
    assert left[SWITCHES.index("mlp"), 2] == pytest.approx(float(expected), abs=1e-5)


def test_without_any_residual_only_the_last_part_is_left(models_on_disk):
    model = models_on_disk["gpt2"]
    found = stream.stream(network.read(model), trace(model, TEXT), Broken("residual"))
    np.testing.assert_array_equal(found.states[-1], found.added[-1])


@pytest.mark.parametrize("kind", ["llama", "roberta", "t5", ""])
def test_other_families_are_not_followed(models_on_disk, kind):
    other = SimpleNamespace(config=SimpleNamespace(model_type=kind))
    assert network.read(replace(models_on_disk["gpt2"], network=other)) is None


def test_a_network_with_something_more_in_it_is_noticed(models_on_disk):
    model = models_on_disk["gpt2"]
    ours, run = network.read(model), trace(model, TEXT)
    strange = replace(ours, blocks=(replace(ours.blocks[0], keep=0.5), *ours.blocks[1:]))
    assert not stream.follows(stream.stream(strange, run), run)


def test_one_token_is_enough(models_on_disk):
    model = models_on_disk["gpt2"]
    run = trace(model, "dogs")
    assert stream.follows(stream.stream(network.read(model), run), run)
