"""load_tokeniser(model_id) -> Tokeniser: what cuts a model's text into tokens, without the model's weights.

The same places, refusals and load lock as `load`: transformers is not safe to open two things at once.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from huggingface_hub import hf_hub_download

from model_utils import hub, loading
from model_utils.errors import ModelError
from model_utils.files import BYTES_A_PARAMETER, TOKENIZER_FILES, check_size
from model_utils.hub import Progress
from model_utils.places import Place, place
from model_utils.reading import Reading, byte_alphabet, bytes_as_text, read, readable_vocabulary
from model_utils.types import ModelKind

MOST_TOKENS = 20_000  # nothing is computed from them but a strip of chips
KEPT = 24  # tokenisers that a process keeps open, the least recently used going first


@dataclass(frozen=True, eq=False)
class Tokeniser:
    """A tokenizer and the readable string of each of its V ids; shared by all threads, so never change it.

    `kind`, `lock` and `max_tokens` are those that `reading.read` asks a model for.
    """

    id: str
    kind: ModelKind
    tokenizer: Any  # a transformers tokenizer
    vocabulary: tuple[str, ...]
    lock: Any
    max_tokens: int = MOST_TOKENS

    @property
    def unknown(self) -> int | None:
        """The id that stands for whatever the vocabulary does not have; None where bytes stand in for it."""
        token = self.tokenizer.unk_token
        return None if token is None or token == self.tokenizer.eos_token else self.tokenizer.unk_token_id


def load_tokeniser(model_id: str, progress: Progress | None = None) -> Tokeniser:
    """The tokeniser of a model that came with the course, of a folder, or of the hub: opened once a process.

    Of a hub model only the small files are fetched. Raises ModelError with the codes of `load`.
    """
    if found := _taken(model_id):
        return found
    folder = _folder(model_id, place(model_id), progress)  # downloads happen outside the lock
    with loading.load_lock():
        shelf = _shelf()
        if model_id not in shelf:
            shelf[model_id] = as_tokeniser(model_id, loading.open_tokenizer(model_id, folder))
        while len(shelf) > KEPT:
            shelf.popitem(last=False)
        return shelf[model_id]


def as_tokeniser(name: str, tokenizer: Any) -> Tokeniser:
    """A transformers tokenizer as a Tokeniser. One that is not fast switches itself about: it has its lock."""
    kind = "encoder" if tokenizer.is_fast else "seq2seq"
    return Tokeniser(name, kind, tokenizer, readable_vocabulary(tokenizer, len(tokenizer)), threading.RLock())


def tokenise(tokeniser: Tokeniser, text: str) -> Reading:
    """The ids, readable tokens and spans of a text. ModelError("empty_text") for a text with nothing in it."""
    return read(tokeniser, text)


def readable_bytes(piece: str) -> str:
    """What a piece of a byte-level vocabulary spells: text, and `<0xE4>` for bytes that make no whole character."""
    alphabet = _alphabet()
    return bytes_as_text(bytes(alphabet[character] for character in piece))


_alphabet = cache(byte_alphabet)


@cache
def _shelf() -> "OrderedDict[str, Tokeniser]":
    return OrderedDict()


def _taken(model_id: str) -> Tokeniser | None:
    """The tokeniser from the shelf, now the most recently used. It does not wait for a load that is going on."""
    shelf, lock = _shelf(), loading.load_lock()
    found = shelf.get(model_id)
    if found and lock.acquire(blocking=False):
        if model_id in shelf:
            shelf.move_to_end(model_id)
        lock.release()
    return found


def _folder(model_id: str, here: Place, progress: Progress | None) -> Path:
    if here.kind == "hub":
        return _fetched(model_id, here, progress)
    if here.path is None or not here.path.is_dir():
        raise ModelError("unknown_folder", model=model_id)
    return here.path


def _fetched(model_id: str, here: Place, progress: Progress | None) -> Path:
    """The folder of the hub's cache with everything but the weights; with no network, what an earlier visit fetched."""
    try:
        info, named = hub.offered(here.repository, here.revision)
        sizes = {sibling.rfilename: sibling.size or 0 for sibling in info.siblings or []}
        small = [name for name in sizes if (name.endswith(".json") and "/" not in name) or name in TOKENIZER_FILES]
        if not TOKENIZER_FILES & set(small):
            raise ModelError("broken_tokenizer", model=model_id)
        check_size(model_id, sum(sizes[name] for name in small) // BYTES_A_PARAMETER)
        if "config.json" in small:  # by name first: this writes down which commit the name means, for a later visit
            hf_hub_download(here.repository, "config.json", revision=named, tqdm_class=hub.meter_of(None, 0, 0))
        return hub.download(here.repository, info.sha, small, sizes, progress)
    except ModelError:
        raise
    except Exception as error:
        refusal, folder = hub.refusal_for(model_id, error), hub.kept_folder(here.repository, here.revision)
        if refusal.code != "no_network" or folder is None:
            raise refusal from error
        return folder
