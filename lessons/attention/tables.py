"""The three tables of one head, read out of a loaded network, and what they make of each state."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from lessons.attention import maths
from model_utils.types import Floats, Model, Trace

Tables = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


@dataclass(frozen=True, eq=False)
class Projected:
    """What one head makes of every token. `difference` is the largest one to the run's own tensors."""

    states: Floats  # (T, C), as they enter the tables
    queries: Floats  # (T, D)
    keys: Floats  # (T, D)
    values: Floats  # (T, D)
    difference: float


def projected(model: Model, run: Trace, layer: int, head: int) -> Projected | None:
    """Queries, keys and values computed again from the states of the run; None if the network has another shape."""
    readers = {"gpt2": _gpt2, "bert": _bert}
    read = readers.get(model.network.config.model_type)
    if read is None:
        return None
    attention = run.attentions[layer]
    with torch.no_grad():
        states, W, b = read(model.network.base_model, torch.tensor(run.hidden_states[layer]), layer)  # (T, C)
        columns = slice(head * attention.queries.shape[-1], (head + 1) * attention.queries.shape[-1])
        ours = maths.projections(states, tuple(w[:, columns] for w in W), tuple(bias[columns] for bias in b))
    models_own = (attention.queries[head], attention.keys[head], attention.values[head])  # (T, D) each
    difference = max(abs(mine.numpy() - own).max() for mine, own in zip(ours, models_own, strict=True))
    return Projected(states.numpy(), *(part.numpy() for part in ours), difference=float(difference))


def in_words(made: Projected | None, words: Mapping[str, str]) -> str:
    """One sentence: how close the projections came to the model's own, or that there are none to show."""
    return words["other_shape"] if made is None else words["same"].format(difference=f"{made.difference:.1g}")


def _gpt2(network: torch.nn.Module, states: torch.Tensor, layer: int) -> tuple[torch.Tensor, Tables, Tables]:
    """GPT-2 normalises first, and keeps the three tables side by side in one."""
    block = network.h[layer]
    joined, bias = block.attn.c_attn.weight.cpu().float(), block.attn.c_attn.bias.cpu().float()  # (C, 3C), (3C,)
    norm = block.ln_1
    normal = torch.nn.functional.layer_norm(
        states, norm.normalized_shape, norm.weight.cpu().float(), norm.bias.cpu().float(), norm.eps
    )  # (T, C)
    return normal, joined.chunk(3, dim=1), bias.chunk(3)


def _bert(network: torch.nn.Module, states: torch.Tensor, layer: int) -> tuple[torch.Tensor, Tables, Tables]:
    """BERT normalises last, so the state goes in as it is; torch keeps the tables of a Linear transposed."""
    attention = network.encoder.layer[layer].attention.self
    layers = (attention.query, attention.key, attention.value)
    return (
        states,
        tuple(linear.weight.cpu().float().T for linear in layers),  # (C, C) each
        tuple(linear.bias.cpu().float() for linear in layers),
    )
