"""New ids for every token: once with the rows of the network's tables moved along, once without."""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.tokens import maths
from model_utils.decoding import next_token_distribution
from model_utils.types import Floats, Model, Trace

LARGEST_COPY = 40_000_000  # parameters: a network is copied before anything in it is moved


@dataclass(frozen=True, eq=False)
class Permuted:
    """One run over new ids. `logits` (T, V) stand in the order of the old ids again, to be compared."""

    new_ids: NDArray[np.int64]  # (T,)
    rows_read: tuple[str, ...]  # T: the tokens whose rows the network looked up
    logits: Floats  # (T, V)


def permuted(model: Model, run: Trace, rows_too: bool, seed: int = 0) -> Permuted | None:
    """The run again with all ids dealt out anew, the network's rows moved along or left; None if it is too large.

    The network is copied first: the shared one stays as it is.
    """
    inside, outside = model.network.get_input_embeddings(), model.network.get_output_embeddings()
    if model.parameters > LARGEST_COPY or inside is None or outside is None:
        return None
    V = inside.weight.shape[0]
    new_ids = torch.randperm(V, generator=torch.Generator().manual_seed(seed)).to(inside.weight.device)
    network = copy.deepcopy(model.network) if rows_too else model.network
    asked = new_ids[torch.tensor(run.token_ids, device=new_ids.device)]  # (T,)
    with torch.no_grad():
        if rows_too:
            _move_rows(network, new_ids)
        logits = network(asked[None]).logits[0]  # (T, V), in the order of the new ids
    names = model.vocabulary
    read = run.tokens if rows_too else tuple(names[i] if i < len(names) else "" for i in asked.tolist())
    return Permuted(asked.cpu().numpy(), read, logits[:, new_ids].float().cpu().numpy())


def _move_rows(network: torch.nn.Module, new_ids: torch.Tensor) -> None:
    """Move the rows of the table of embeddings and of the table that the logits are read off (one, where tied)."""
    tables = {
        id(layer.weight): layer.weight for layer in (network.get_input_embeddings(), network.get_output_embeddings())
    }
    biases = [getattr(network.get_output_embeddings(), "bias", None)]
    for table in (*tables.values(), *(bias for bias in biases if bias is not None)):
        table.copy_(maths.moved_rows(table, new_ids))


def largest_difference(run: Trace, found: Permuted) -> float:
    """Between the two probabilities of any one next word, over the whole vocabulary."""
    before, after = (next_token_distribution(logits[-1]) for logits in (run.logits, found.logits))  # (V,) each
    return float(np.abs(before - after).max())
