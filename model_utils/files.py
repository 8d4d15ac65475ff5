"""Look before loading: a folder's configuration and the headers of its weights, before a single weight is read."""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from model_utils.errors import ModelError
from model_utils.types import ModelKind

BYTES_A_PARAMETER = 4  # everything is computed in float32
_PIECES = ("tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "source.spm", "target.spm")
TOKENIZER_FILES = frozenset(("tokenizer.json", "vocab.json", "vocab.txt", "merges.txt", *_PIECES))
_DEFAULT_BUDGET_GB = 4.0
_LARGEST_HEADER = 100_000_000  # the safetensors format's own limit


@dataclass(frozen=True)
class Plan:
    """What loading a folder would mean: its configuration, what kind of model it is, and how many parameters it has."""

    config: Any  # a transformers PretrainedConfig
    kind: ModelKind
    parameters: int


def budget_gb() -> float:
    """The memory that one model, and all loaded hub models together, may take: CLEARHEAD_MODEL_BUDGET_GB or 4."""
    return float(os.environ.get("CLEARHEAD_MODEL_BUDGET_GB", _DEFAULT_BUDGET_GB))


def check_size(model_id: str, parameters: int) -> None:
    """Raise ModelError("too_big"), naming the size, when so many parameters do not fit into the budget."""
    size = parameters * BYTES_A_PARAMETER / 1e9
    if size > budget_gb():
        raise ModelError("too_big", model=model_id, size_gb=round(size, 1), budget_gb=budget_gb())


def read_json(model_id: str, path: Path) -> dict[str, Any]:
    """A small JSON object, or ModelError("broken_config")."""
    try:
        if path.stat().st_size > 10_000_000:
            raise ValueError("too long")
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("not an object")
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError("broken_config", model=model_id, file=path.name) from error
    return content


def check_weights(model_id: str, folder: Path) -> None:
    """See that the safetensors files are there and whole, by their headers: it takes milliseconds.

    Raises ModelError "only_bin", "no_weights", "truncated_file" or "broken_config" (a broken index).
    """
    names = weight_files(sorted(path.name for path in folder.iterdir()))
    if not names:
        others = other_weights(path.name for path in folder.iterdir())
        raise ModelError("only_bin" if others else "no_weights", model=model_id)
    index = folder / "model.safetensors.index.json"
    if "model.safetensors" not in names and index.exists():
        named = set(read_json(model_id, index).get("weight_map", {}).values())
        if missing := sorted(str(name) for name in named if name not in names):
            raise ModelError("truncated_file", model=model_id, file=missing[0])
    for name in names:
        if not whole(folder / name):
            raise ModelError("truncated_file", model=model_id, file=name)


def weight_files(names: list[str]) -> list[str]:
    """Of the names in a folder, the safetensors files that transformers would read."""
    if "model.safetensors" in names:
        return ["model.safetensors"]
    return [name for name in names if re.fullmatch(r"model-\d{5}-of-\d{5}\.safetensors", name)]


def other_weights(names: Any) -> bool:
    """Whether there are weights in a format that can carry code, or that we do not read."""
    return any(name.endswith((".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".gguf")) for name in names)


def whole(path: Path) -> bool:
    """Whether a safetensors file is as long as its own header says (format: 8 bytes length, JSON header, tensors)."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(_LARGEST_HEADER, size - 8):
                return False
            tensors = json.loads(file.read(length))
        ends = [entry["data_offsets"][1] for name, entry in tensors.items() if name != "__metadata__"]
        return bool(ends) and size == 8 + length + max(ends)
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return False


def check_sum(model_id: str, path: Path, expected: str) -> None:
    """Raise ModelError("changed_file") unless the file has this SHA-256; read again only when the file has changed."""
    stat = path.stat()
    if expected and _sha256(path, stat.st_size, stat.st_mtime_ns) != expected:
        raise ModelError("changed_file", model=model_id, file=path.name)


@cache
def _sha256(path: Path, size: int, modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
