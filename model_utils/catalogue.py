"""Which models there are: those that come with the course, and those worth opening from the hub.

The cards are in catalogue.toml. A new embedded model is a folder in weights/ and an entry there.
Importing this module imports neither torch nor transformers.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

from model_utils.types import ModelKind

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class ModelCard:
    """What can be said of a model before it is loaded. `title` and `one_line` by language, "en" and "zh"."""

    id: str
    kind: ModelKind
    title: Mapping[str, str]
    one_line: Mapping[str, str]
    embedded: bool
    language: str  # of the texts it learnt: "en", "zh", "en-zh"
    reads_meadow: bool  # learnt Meadow: the exact truth is known for it
    parameters: int
    max_tokens: int
    first_text: str = ""  # what an untouched demo shows; "" for the first of the examples that suit the model
    first_head: tuple[int, int] = (0, 0)  # layer and head that the first screen shows of it
    examples: tuple[str, ...] = ()  # sentences that suit it; () for those of its language
    wider: str = ""  # id of a model on the hub that has read more
    package: str = ""  # the installed package that holds the files, when they are not in weights/
    package_folder: str = ""
    sha256: str = ""  # of model.safetensors, when it is not our own


@cache
def _cards() -> tuple[ModelCard, ...]:
    entries = tomllib.loads((_HERE / "catalogue.toml").read_text(encoding="utf-8"))["model"]
    return tuple(_card(entry) for entry in entries)


def _card(entry: dict) -> ModelCard:
    words = {name: MappingProxyType(entry[name]) for name in ("title", "one_line")}
    tuples = {name: tuple(entry[name]) for name in ("first_head", "examples") if name in entry}
    return ModelCard(**(entry | words | tuples))


def opening(language: str) -> ModelCard:
    """The model a lesson opens on for a reader of `language`: it has read real text, where one is here that has."""
    mine = (
        card for card in embedded() if card.kind == "causal" and card.language == language and not card.reads_meadow
    )
    return next(mine, embedded()[0])


def embedded() -> tuple[ModelCard, ...]:
    """The models that are really here and need no network, in the order of the catalogue."""
    return tuple(card for card in _cards() if card.embedded and folder(card) is not None)


def hub_suggestions() -> tuple[ModelCard, ...]:
    """Models worth opening from the hub, in the order of the catalogue."""
    return tuple(card for card in _cards() if not card.embedded)


def find(model_id: str) -> ModelCard | None:
    """The card of a model that the catalogue knows."""
    return next((card for card in _cards() if card.id == model_id), None)


def folder(card: ModelCard) -> Path | None:
    """Where the files of an embedded model are; None when they are not installed, or when the model is on the hub."""
    if not card.embedded:
        return None
    path = _package_path(card.package, card.package_folder) if card.package else _HERE / "weights" / card.id
    return path if path and (path / "config.json").is_file() else None


@cache
def _package_path(package: str, inside: str) -> Path | None:
    """A folder of an installed package, found in its metadata: the package's own code is never imported."""
    try:
        return Path(str(metadata.distribution(package).locate_file(inside)))
    except metadata.PackageNotFoundError:
        return None
