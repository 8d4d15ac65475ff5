"""load(model_id) -> Model: from a name, a hub id or a folder to a network that is known to work, or a clear refusal.

Loading two models at once swaps a global method of transformers without a lock and leaves both broken, so one lock
holds for the whole process; downloads happen outside it. After each load the network is tried before anybody gets it.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoTokenizer
from transformers.utils import logging as transformers_logging

from model_utils import catalogue
from model_utils.attention import CLEARHEAD
from model_utils.errors import ModelError
from model_utils.files import BYTES_A_PARAMETER, TOKENIZER_FILES, Plan, budget_gb, check_sum, check_weights
from model_utils.hub import Progress, fetch
from model_utils.places import Place, place
from model_utils.planning import auto_class, plan
from model_utils.probing import as_model
from model_utils.types import Model


@dataclass(frozen=True)
class _Shelf:
    """The loaded models of this process, least recently used first, and the lock that every load takes."""

    models: "OrderedDict[tuple[str, str], Model]" = field(default_factory=OrderedDict)
    lock: Any = field(default_factory=threading.RLock)


@cache
def _shelf() -> _Shelf:
    return _Shelf()


def load_lock() -> Any:
    """The process's one lock around whatever transformers opens: two loads at once break each other."""
    return _shelf().lock


def load(model_id: str, device: str | None = None, progress: Progress | None = None) -> Model:
    """The model of this id, loaded once a process and shared.

    `device` is "cuda", "mps" or "cpu"; by default the first of them that is here. `progress(done, total)` is told the
    bytes of a download. Models that did not come with the course give way, least recently used first, when all together
    would take more memory than the budget. Raises ModelError; its codes are named in places, hub, files and planning.
    """
    key = (model_id, device or best_device())
    if model := _taken(key):
        return model
    here = place(model_id)
    folder = _folder(model_id, here, progress)
    with _shelf().lock:
        if model := _taken(key):
            return model
        planned = plan(model_id, folder)
        check_weights(model_id, folder)
        if here.kind == "embedded" and (card := catalogue.find(model_id)):
            check_sum(model_id, folder / "model.safetensors", card.sha256)
        _make_room(planned.parameters)
        _shelf().models[key] = _build(model_id, folder, planned, key[1])
        return _shelf().models[key]


def best_device() -> str:
    """The fastest device of this machine: "cuda", "mps" or "cpu"."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _taken(key: tuple[str, str]) -> Model | None:
    """The model from the shelf, now the most recently used. It does not wait for a load that is going on."""
    shelf = _shelf()
    model = shelf.models.get(key)
    if model and shelf.lock.acquire(blocking=False):
        if key in shelf.models:
            shelf.models.move_to_end(key)
        shelf.lock.release()
    return model


def _folder(model_id: str, here: Place, progress: Progress | None) -> Path:
    """The folder with the model's files, fetched from the hub if that is where it is."""

    def check(folder: Path) -> None:
        with _shelf().lock:  # planning builds a network too, if an empty one
            plan(model_id, folder)

    if here.kind == "hub":
        return fetch(model_id, here.repository, here.revision, check, progress)
    if here.path is None or not (here.path / "config.json").is_file():
        raise ModelError("unknown_folder", model=model_id)
    return here.path


def _make_room(parameters: int) -> None:
    """Let go of models from the hub or from folders until a new one of this size fits into the budget."""
    models = _shelf().models
    guests = [key for key in models if not _stays(key)]
    held = sum(models[key].parameters for key in guests)
    for key in guests:
        if (held + parameters) * BYTES_A_PARAMETER <= budget_gb() * 1e9:
            return
        held -= models.pop(key).parameters


def _stays(key: tuple[str, str]) -> bool:
    card = catalogue.find(key[0])
    return card is not None and card.embedded


def _build(model_id: str, folder: Path, planned: Plan, device: str) -> Model:
    """Read weights and tokenizer, see that nothing is missing, and try the model."""
    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()  # weights left over are no matter; those that are missing are told below
    try:
        network, found = auto_class(planned.kind).from_pretrained(
            folder,
            config=planned.config,
            attn_implementation=CLEARHEAD,
            dtype=torch.float32,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
        )
    except SafetensorError as error:
        raise ModelError("truncated_file", model=model_id, file="model.safetensors") from error
    except Exception as error:  # shapes that do not fit the config, and whatever else a hostile file can cause
        raise ModelError("broken_weights", model=model_id) from error
    # The pooler is no part of a trace: it reads the last hidden states and nothing reads it.
    missing = sorted(name for name in found["missing_keys"] if "pooler" not in name)
    if missing or found["mismatched_keys"]:
        raise ModelError("incomplete_weights", model=model_id, missing=len(missing))
    return as_model(network.to(device), open_tokenizer(model_id, folder), model_id, planned.kind)


def open_tokenizer(model_id: str, folder: Path) -> Any:
    """The tokenizer, with the truncation and padding that its file may carry switched off for good.

    Without any of its files transformers would make up an empty one.
    """
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        raise ModelError("broken_tokenizer", model=model_id)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except Exception as error:
        raise ModelError("broken_tokenizer", model=model_id) from error
    if tokenizer.is_fast:
        tokenizer.backend_tokenizer.no_truncation()
        tokenizer.backend_tokenizer.no_padding()
    return tokenizer
