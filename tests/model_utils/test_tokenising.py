"""A tokeniser is opened without its model's weights, as the model would open it, and refused in the same words."""

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import huggingface_hub.constants as constants
import pytest

from model_utils import ModelError, catalogue, load
from model_utils.reading import read
from model_utils.tokenising import KEPT, _shelf, load_tokeniser, tokenise
from tests.model_utils.hub_server import hub

TEXTS = (
    "The dogs near the tree",
    "strawbery",
    "café cafe\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u68ee\u6797",
)


@pytest.fixture(autouse=True)
def empty_shelf() -> Iterator[None]:
    _shelf().clear()
    yield
    _shelf().clear()


@pytest.fixture
def connected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Point huggingface_hub at an address, with an empty cache of its own and no waiting between tries."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("time.sleep", lambda _: None)

    def connect(address: str) -> None:
        monkeypatch.setattr(constants, "ENDPOINT", address)
        monkeypatch.setattr(
            constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}"
        )

    return connect


def refusal(model_id: str) -> ModelError:
    with pytest.raises(ModelError) as caught:
        load_tokeniser(model_id)
    return caught.value


@pytest.mark.parametrize("model_id", [card.id for card in catalogue.embedded()])
def test_it_cuts_as_the_model_does(model_id: str) -> None:
    tokeniser, model = load_tokeniser(model_id), load(model_id)
    for text in TEXTS:
        ours, theirs = tokenise(tokeniser, text), read(model, text)
        assert (ours.ids, ours.tokens, ours.spans) == (theirs.ids, theirs.tokens, theirs.spans)


def test_it_is_opened_once() -> None:
    assert load_tokeniser("meadow-gpt") is load_tokeniser("meadow-gpt")
    with ThreadPoolExecutor(4) as pool:
        assert len({*pool.map(load_tokeniser, ["minilm"] * 8)}) == 1


def test_the_least_recently_used_go_first(folder_of: Any, tmp_path: Path) -> None:
    folders = [tmp_path / str(n) for n in range(KEPT + 1)]
    for folder in folders:
        shutil.copytree(folder_of("gpt2"), folder)
        load_tokeniser(str(folder))
    assert len(_shelf()) == KEPT and str(folders[0]) not in _shelf() and str(folders[-1]) in _shelf()


def test_no_weights_are_needed_or_fetched(folder_of: Any, tmp_path: Path, connected: Any) -> None:
    repository = Path(shutil.copytree(folder_of("gpt2"), tmp_path / "repository"))
    (repository / "modeling_evil.py").write_text("not to be fetched")
    with hub({"someone/small": repository}) as (address, asked):
        connected(address)
        tokeniser = load_tokeniser("someone/small")
    fetched = {path.rpartition("/")[2] for path in asked if "/resolve/" in path}
    assert fetched == {path.name for path in repository.iterdir() if path.suffix == ".json"}
    assert "model.safetensors" not in fetched and tokenise(tokeniser, "the dogs").ids
    _shelf().clear()
    connected("http://127.0.0.1:9")  # nobody is there
    assert tokenise(load_tokeniser("someone/small"), "the dogs").ids == tokenise(tokeniser, "the dogs").ids


@pytest.mark.parametrize(
    ("model_id", "code"),
    [("", "bad_model_id"), ("a b", "bad_model_id"), ("./no-such-folder", "unknown_folder")],
)
def test_refusals_are_those_of_load(model_id: str, code: str) -> None:
    assert refusal(model_id).code == code
    with pytest.raises(ModelError, match=code):
        load(model_id)


def test_each_answer_of_the_hub_has_its_sentence(connected: Any, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "config.json").write_text("{}")
    with hub({"some/one": (429, {}), "some/bare": empty}) as (address, _):
        connected(address)
        assert refusal("some/one").code == "rate_limited"
        assert refusal("some/bare").code == "broken_tokenizer"
        assert refusal("no/body").code == "unknown_model"
    connected("http://127.0.0.1:9")
    assert refusal("some/thing").code == "no_network"


def test_a_broken_file_is_refused(folder_of: Any, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(folder_of("gpt2"), tmp_path / "gpt2"))
    (folder / "tokenizer.json").write_text(json.dumps({"model": "none"}))
    assert refusal(str(folder)).code == "broken_tokenizer"
    (folder / "tokenizer.json").unlink()
    assert refusal(str(folder)).code == "broken_tokenizer"


def test_only_a_tokeniser_without_bytes_has_an_unknown_token() -> None:
    assert load_tokeniser("meadow-gpt").unknown is None
    minilm = load_tokeniser("minilm")
    assert minilm.vocabulary[minilm.unknown] == "[UNK]"


def test_an_empty_text_is_told() -> None:
    with pytest.raises(ModelError, match="empty_text"):
        tokenise(load_tokeniser("meadow-gpt"), " ")
