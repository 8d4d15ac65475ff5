"""Where a model id points: a model that comes with the course, a folder on this machine, or the Hugging Face hub."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from model_utils import catalogue
from model_utils.errors import ModelError

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?(@[\w.-]{1,64})?", re.ASCII)


@dataclass(frozen=True)
class Place:
    """`path` of an embedded model or a folder; `repository` and `revision` on the hub."""

    kind: Literal["embedded", "folder", "hub"]
    path: Path | None = None
    repository: str = ""
    revision: str | None = None


def place(model_id: str) -> Place:
    """Resolve an id without touching the network. Hub ids may name a revision: `EleutherAI/pythia-70m@step1000`.

    Raises ModelError "bad_model_id" for what can be none of the three, "folder_not_allowed" for a folder not open here.
    """
    if not model_id or len(model_id) > 1024 or not model_id.isprintable():
        raise ModelError("bad_model_id", model=model_id[:60])
    if card := catalogue.find(model_id):
        path = catalogue.folder(card)
        if path is not None:
            return Place("embedded", path)
    if looks_like_folder(model_id):
        root = os.environ.get("CLEARHEAD_MODELS")
        path = permitted_folder(model_id, Path(root) if root else None, bool(os.environ.get("CLEARHEAD_NETWORK")))
        return Place("folder", path)
    if not _HUB_ID.fullmatch(model_id) or ".." in model_id or "--" in model_id:
        raise ModelError("bad_model_id", model=model_id[:60])
    repository, _, revision = model_id.partition("@")
    return Place("hub", repository=repository, revision=revision or None)


def looks_like_folder(model_id: str) -> bool:
    """A folder is written as a path: from the root, the home, or the current folder."""
    return model_id.startswith(("/", "./", "../", "~", ".\\", "..\\")) or bool(re.match(r"[A-Za-z]:[\\/]", model_id))


def permitted_folder(model_id: str, root: Path | None, network: bool) -> Path:
    """The folder to open, or ModelError("folder_not_allowed").

    With a root (CLEARHEAD_MODELS), only folders inside it, symbolic links followed. Without one, any folder for whoever
    sits at this machine, none for the learners of a server on the network (CLEARHEAD_NETWORK). The refusal is the same
    whether the folder exists or not: the file system of a server cannot be probed.
    """
    if root is None:
        if network:
            raise ModelError("folder_not_allowed")
        return Path(os.path.expanduser(model_id))  # Path's own raises for "~nobody"; this leaves it as it is
    path = (root / model_id).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ModelError("folder_not_allowed")
    return path
