"""The prepared texts of the models of real language: found, checked against their sums, and split.

The texts are no part of the repository; docs/texts.md says where they come from and how they were prepared.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

CHUNK, HELD_OUT, EVERY = 40, 7, 25  # lines a chunk of a book; which chunk, or which poem, of every 25 is held out
POEMS_SHA256 = "d77e5a3b28225851a7c50cc0abab193f28d55bb18dd04f0dcaceba6982156793"
MISSING = """There is no {file} in {folder}: the texts that this model reads are not part of the repository.
storybook-gpt reads storybooks/books.json and the 41 books that it lists, from Project Gutenberg by number;
poem-gpt reads poems/poems.tsv, made from the chinese-poetry collection on GitHub.
docs/texts.md says how the files were prepared. Give the folder that holds both with --texts (make models TEXTS=...)."""


class TextsError(Exception):
    """The texts are not there, or are not the ones that the models were trained on; says which, in a sentence."""


@dataclass(frozen=True)
class Poem:
    """kind: "tang" for a shi of the Tang, "ci" for a ci of the Song."""

    kind: str
    text: str


Text = TypeVar("Text", str, Poem)


@dataclass(frozen=True)
class Split(Generic[Text]):
    """Texts to train on and texts that are only measured."""

    train: tuple[Text, ...]
    held_out: tuple[Text, ...]


def storybooks(folder: Path) -> Split[str]:
    """Chunks of 40 paragraphs, a paragraph a line; in each book those with index 7 modulo 25 are held out."""
    books = json.loads(_read(folder / "storybooks" / "books.json"))
    train, held_out = [], []
    for book in books:
        lines = _read(folder / "storybooks" / book["file"], book["sha256"]).splitlines()
        for index, start in enumerate(range(0, len(lines), CHUNK)):
            (held_out if index % EVERY == HELD_OUT else train).append("\n".join(lines[start : start + CHUNK]))
    return Split(tuple(train), tuple(held_out))


def poems(folder: Path, sha256: str = POEMS_SHA256) -> Split[Poem]:
    """The poems without their titles and authors; those with index 7 modulo 25 are held out."""
    fields = [line.split("\t") for line in _read(folder / "poems" / "poems.tsv", sha256).splitlines()]
    every = [Poem(kind, text) for kind, _, _, text in fields]
    train = tuple(poem for index, poem in enumerate(every) if index % EVERY != HELD_OUT)
    return Split(train, tuple(every[HELD_OUT::EVERY]))


def _read(path: Path, sha256: str = "") -> str:
    """The text of a file; TextsError when it is missing, or when its sum is not `sha256`."""
    if not path.is_file():
        raise TextsError(MISSING.format(file=path.name, folder=path.parent))
    content = path.read_bytes()
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise TextsError(f"{path} is not the text that the model was trained on: its SHA-256 differs.")
    return content.decode("utf-8")
