"""Fetch a model from the Hugging Face hub into its cache: the files that are needed and no others, with clear refusals.

Only safetensors weights, tokenizer files and small JSON are ever fetched; no code.
"""

import errno
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, constants, hf_hub_download, try_to_load_from_cache
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import httpx, tqdm

from model_utils.errors import ModelError
from model_utils.files import BYTES_A_PARAMETER, TOKENIZER_FILES, check_size, other_weights, weight_files

Progress = Callable[[int, int], None]  # bytes done, bytes in all
_TIMEOUT = 10.0  # seconds for an answer of the hub
_CONVERSION_BOT = "SFconvertbot"  # the hub's own: it offers safetensors as a pull request


def fetch(
    model_id: str,
    repository: str,
    revision: str | None,
    check: Callable[[Path], object],
    progress: Progress | None = None,
) -> Path:
    """The folder in the hub's cache that holds the model. `check` sees it while it has everything but the weights.

    With no network, what an earlier visit has fetched is used. Raises ModelError "unknown_model", "no_network",
    "rate_limited", "gated", "only_bin", "no_weights", "disk_full" or "hub_error", and whatever `check` raises.
    """
    try:
        info, named = offered(repository, revision)
        names = [sibling.rfilename for sibling in info.siblings or []]
        weights = weight_files(names)
        if "config.json" not in names or not weights:
            raise ModelError("only_bin" if other_weights(names) else "no_weights", model=model_id)
        sizes = {sibling.rfilename: sibling.size or 0 for sibling in info.siblings}
        small = [name for name in names if (name.endswith(".json") and "/" not in name) or name in TOKENIZER_FILES]
        check_size(model_id, sum(sizes[name] for name in (*small, *weights)) // BYTES_A_PARAMETER)
        # Asked for by name first: this writes down which commit the name means, for a later visit with no network.
        hf_hub_download(repository, "config.json", revision=named, tqdm_class=meter_of(None, 0, 0))
        folder = download(repository, info.sha, small, sizes, None)
        check(folder)
        return download(repository, info.sha, weights, sizes, progress)
    except ModelError:
        raise
    except Exception as error:
        refusal = refusal_for(model_id, error)
        folder = kept_folder(repository, revision)
        if refusal.code != "no_network" or folder is None:
            raise refusal from error
        check(folder)
        return folder


def kept_folder(repository: str, revision: str | None) -> Path | None:
    """The folder that an earlier visit has fetched, of this revision, or of the main one or the bot's offer."""
    names = [revision] if revision else ["main", *(f"refs/pr/{n}" for n in range(1, 20))]
    paths = [try_to_load_from_cache(repository, "config.json", revision=name) for name in names]
    return next((Path(path).parent for path in paths if isinstance(path, str)), None)


def offered(repository: str, revision: str | None) -> tuple[Any, str]:
    """What the hub says of the repository, and the name of the revision.

    Where only the hub's conversion bot has safetensors to offer, it is the bot's revision.
    """
    api = HfApi(endpoint=constants.ENDPOINT)
    info = api.model_info(repository, revision=revision, files_metadata=True, timeout=_TIMEOUT)
    names = [sibling.rfilename for sibling in info.siblings or []]
    if weight_files(names) or revision or "pytorch_model.bin" not in names:
        return info, revision or "main"
    offers = api.get_repo_discussions(repository, author=_CONVERSION_BOT, discussion_type="pull_request")
    offer = next((offer for offer in offers if offer.status == "open" and offer.author == _CONVERSION_BOT), None)
    if offer is None:
        return info, "main"
    named = f"refs/pr/{offer.num}"
    return api.model_info(repository, revision=named, files_metadata=True, timeout=_TIMEOUT), named


def download(repository: str, sha: str, names: Iterable[str], sizes: dict[str, int], progress: Progress | None) -> Path:
    """Fetch the files, skipping those that are here already; returns the folder they are in."""
    names, done, folder = list(names), 0, Path()
    total = sum(sizes[name] for name in names)
    for name in names:
        meter = meter_of(progress, done, total)
        folder = Path(hf_hub_download(repository, name, revision=sha, tqdm_class=meter)).parent
        done += sizes[name]
        if progress:
            progress(done, total)
    return folder


def meter_of(progress: Progress | None, before: int, total: int) -> type[tqdm]:
    """The progress bar that huggingface_hub wants to drive: it draws nothing and tells `progress` instead."""

    class Meter(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs | {"disable": True})
            self.seen = int(kwargs.get("initial") or 0)

        def update(self, n: float | None = 1) -> None:
            self.seen += int(n or 0)
            if progress:
                progress(min(before + self.seen, total), total)

    return Meter


def refusal_for(model_id: str, error: BaseException) -> ModelError:
    """The sentence for what went wrong, looked for along the chain of causes, most telling first."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and len(chain) < 10:
        chain.append(cause)
    codes = [code for link in chain if (code := _code(link))]
    telling = [code for code in codes if code != "no_network"] or codes or ["hub_error"]
    return ModelError(telling[0], model=model_id)


def _code(error: BaseException) -> str | None:
    if isinstance(error, GatedRepoError):  # a kind of RepositoryNotFoundError: asked first
        return "gated"
    if isinstance(error, (RepositoryNotFoundError, RevisionNotFoundError)):
        return "unknown_model"
    if isinstance(error, HfHubHTTPError):
        codes = {429: "rate_limited", 401: "unknown_model", 403: "gated", 404: "unknown_model"}
        return codes.get(error.response.status_code)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk_full"
    unreachable = (OfflineModeIsEnabled, LocalEntryNotFoundError, httpx.TransportError, ConnectionError, TimeoutError)
    return "no_network" if isinstance(error, unreachable) and not _missing_entry(error) else None


def _missing_entry(error: BaseException) -> bool:
    """A file the hub does not have, as opposed to one that could not be asked for."""
    return isinstance(error, EntryNotFoundError) and not isinstance(error, LocalEntryNotFoundError)
