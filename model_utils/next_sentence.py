"""next_sentence(model, first, second): how probable a BERT finds it that the second sentence follows the first.

BERT learnt this beside the masked words (Devlin et al. 2019, section 3.1), in a head that the words do not need and
that `load` leaves in the file. Only its two matrices are read here; everything below is the shared network's.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from model_utils import hub
from model_utils.errors import ModelError
from model_utils.loading import load
from model_utils.places import place
from model_utils.reading import CHARACTERS_A_TOKEN
from model_utils.types import Model

NAMES = ("bert.pooler.dense", "cls.seq_relationship")


@dataclass(frozen=True, eq=False)
class Head:
    """Two linear layers as pairs of weight and bias: C to C, with a tanh, and C to 2, "follows" and "does not"."""

    pooler: tuple[Tensor, Tensor]
    answer: tuple[Tensor, Tensor]


def next_sentence(model: str | Model, first: str, second: str) -> float:
    """The probability that `second` follows `first`: of a text that is too long, what is nearest to the seam is read.

    Raises ModelError "no_next_sentence" where the model has no such head, "empty_text", and whatever `load` raises.
    """
    opened = load(model) if isinstance(model, str) else model
    head = _head(opened.id)
    ids, segments = _pair(opened, first, second)
    device = next(opened.network.parameters()).device
    with torch.inference_mode():
        states = opened.network.base_model(
            input_ids=torch.tensor([ids], device=device), token_type_ids=torch.tensor([segments], device=device)
        ).last_hidden_state  # (1, T, C)
        pooled = torch.tanh(torch.nn.functional.linear(states[0, 0].cpu(), *head.pooler))  # (C,)
        logits = torch.nn.functional.linear(pooled, *head.answer)  # (2,)
    return logits.softmax(-1)[0].item()


def _pair(model: Model, first: str, second: str) -> tuple[list[int], list[int]]:
    """[CLS] first [SEP] second [SEP] as ids, and the segment of each."""
    tokenizer, room = model.tokenizer, model.max_tokens - 3
    one, other = (_ids(tokenizer, text[cut]) for text, cut in ((first, _end(room)), (second, _start(room))))
    if not one or not other:
        raise ModelError("empty_text")
    other = other[: max(room - len(one), room // 2)]
    one = one[-(room - len(other)) :]
    seam, opening = tokenizer.sep_token_id, tokenizer.cls_token_id
    return [opening, *one, seam, *other, seam], [0] * (len(one) + 2) + [1] * (len(other) + 1)


def _start(room: int) -> slice:
    return slice(room * CHARACTERS_A_TOKEN)


def _end(room: int) -> slice:
    return slice(-room * CHARACTERS_A_TOKEN, None)


def _ids(tokenizer: Any, text: str) -> list[int]:
    """Token ids without special tokens; lone surrogates, which no tokenizer can encode, become "?"."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return tokenizer(text, add_special_tokens=False, verbose=False).input_ids if text.strip() else []


@lru_cache(maxsize=16)
def _head(model_id: str) -> Head:
    """The head from the model's file, read once."""
    folder = _folder(model_id)
    try:
        with safe_open(folder / "model.safetensors", "pt") as file:
            pooler, answer = (
                tuple(file.get_tensor(f"{name}.{part}").float() for part in ("weight", "bias")) for name in NAMES
            )
        fits = pooler[0].shape == (len(pooler[1]),) * 2 and answer[0].shape == (2, len(pooler[1]))
    except (OSError, SafetensorError) as error:
        raise ModelError("no_next_sentence", model=model_id) from error
    if not fits:
        raise ModelError("no_next_sentence", model=model_id)
    return Head(pooler, answer)


def _folder(model_id: str) -> Path:
    """Where the files lie of a model that has been loaded; of the hub's, in its cache."""
    here = place(model_id)
    found = hub.kept_folder(here.repository, here.revision) if here.kind == "hub" else here.path
    return found or Path()
