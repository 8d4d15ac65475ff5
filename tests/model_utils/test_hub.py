"""The hub, on 127.0.0.1: what is fetched, what is not, and one clear refusal for each thing that can go wrong."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import huggingface_hub.constants as constants
import numpy as np
import pytest
import transformers as tf

from model_utils import ModelError, load, trace
from model_utils.hub import fetch
from tests.model_utils.hub_server import hub


@pytest.fixture
def connected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Point huggingface_hub at an address, with an empty cache of its own and no waiting between tries."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("time.sleep", lambda _: None)

    def connect(address: str) -> None:
        monkeypatch.setattr(constants, "ENDPOINT", address)
        template = address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)

    yield connect


def code(model_id: str) -> str:
    with pytest.raises(ModelError) as caught:
        load(model_id)
    return caught.value.code


@pytest.fixture
def repository(tmp_path: Path, folder_of: Any) -> Path:
    """A repository as they are: weights in two formats, code, a picture, a read-me."""
    folder = Path(shutil.copytree(folder_of("gpt2"), tmp_path / "repository"))
    for name in ("pytorch_model.bin", "modeling_evil.py", "README.md", "picture.png", "tf_model.h5"):
        (folder / name).write_text("not to be fetched")
    return folder


def test_a_model_is_fetched_once_with_progress_and_nothing_else(repository: Path, connected: Any) -> None:
    steps: list[tuple[int, int]] = []
    with hub({"someone/small": repository}) as (address, asked):
        connected(address)
        model = load("someone/small", progress=lambda done, total: steps.append((done, total)))
        assert load("someone/small") is model
    size = (repository / "model.safetensors").stat().st_size
    assert steps[-1] == (size, size) and steps == sorted(steps)
    assert np.isfinite(trace(model, "the dogs").logits).all()
    fetched = {path.rpartition("/")[2] for path in asked if "/resolve/" in path}
    assert fetched == {path.name for path in repository.iterdir() if path.suffix in (".json", ".safetensors")}


def test_what_was_fetched_opens_with_no_network(repository: Path, connected: Any, tmp_path: Path) -> None:
    with hub({"someone/twice": repository}) as (address, _):
        connected(address)
        first = fetch("someone/twice", "someone/twice", None, lambda folder: None)
    assert fetch("someone/twice", "someone/twice", None, lambda folder: None) == first
    assert load("someone/twice").kind == "causal"


def test_a_revision_is_asked_for(repository: Path, connected: Any) -> None:
    with hub({"someone/history": repository}) as (address, asked):
        connected(address)
        assert load("someone/history@step1000").id == "someone/history@step1000"
    assert any("/revision/step1000" in path for path in asked)


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (404, {"X-Error-Code": "RepoNotFound"}, "unknown_model"),
        (401, {}, "unknown_model"),
        (404, {"X-Error-Code": "RevisionNotFound"}, "unknown_model"),
        (403, {"X-Error-Code": "GatedRepo"}, "gated"),
        (403, {}, "gated"),
        (429, {}, "rate_limited"),
        (500, {}, "hub_error"),
    ],
)
def test_each_answer_of_the_hub_has_its_sentence(
    status: int, headers: dict[str, str], expected: str, connected: Any
) -> None:
    with hub({"someone/else": (status, headers)}) as (address, _):
        connected(address)
        assert code("someone/else") == expected


def test_no_network_is_said_at_once(connected: Any) -> None:
    connected("http://127.0.0.1:9")
    started = time.perf_counter()
    assert code("someone/far") == "no_network"
    assert time.perf_counter() - started < 2


def test_offline_mode_is_no_network(connected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    connected("http://127.0.0.1:9")
    assert code("someone/off") == "no_network"


def test_only_pickled_weights_are_not_fetched(repository: Path, connected: Any) -> None:
    (repository / "model.safetensors").unlink()
    with hub({"someone/old": repository}) as (address, asked):
        connected(address)
        assert code("someone/old") == "only_bin"
    assert not any("/resolve/" in path for path in asked)


def test_the_conversion_bots_safetensors_are_taken_where_there_are_no_others(
    repository: Path, connected: Any, tmp_path: Path
) -> None:
    old = Path(shutil.copytree(repository, tmp_path / "old"))
    (old / "model.safetensors").unlink()
    with hub({"someone/bin": old, "someone/bin@refs/pr/3": repository}) as (address, asked):
        connected(address)
        assert load("someone/bin").kind == "causal"
    assert not any(path.endswith(".bin") for path in asked)
    assert fetch("someone/bin", "someone/bin", None, lambda folder: None).is_dir()  # found again with no network


def test_too_big_or_unsupported_is_refused_before_the_weights_are_fetched(repository: Path, connected: Any) -> None:
    repositories: dict[str, Any] = {}
    for name, config in {
        "someone/huge": tf.GPT2Config(n_layer=96, n_embd=12288, n_head=96, architectures=["GPT2LMHeadModel"]),
        "someone/bloom": tf.BloomConfig(hidden_size=32, n_head=4, architectures=["BloomForCausalLM"]),
    }.items():
        folder = Path(shutil.copytree(repository, repository.parent / name.replace("/", "-")))
        config.save_pretrained(folder)
        repositories[name] = folder
    with hub(repositories) as (address, asked):
        connected(address)
        assert (code("someone/huge"), code("someone/bloom")) == ("too_big", "unsupported_attention")
    assert not any("safetensors" in path for path in asked)


def test_files_larger_than_the_budget_are_not_fetched(
    repository: Path, connected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the config says the model is."""
    with (repository / "model.safetensors").open("r+b") as file:
        file.truncate(2_000_000)
    monkeypatch.setenv("CLEARHEAD_MODEL_BUDGET_GB", "0.001")
    with hub({"someone/fat": repository}) as (address, asked):
        connected(address)
        assert code("someone/fat") == "too_big"
    assert not any("/resolve/" in path for path in asked)


def test_a_truncated_download_is_refused(repository: Path, connected: Any) -> None:
    weights = repository / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with hub({"someone/short": repository}) as (address, _):
        connected(address)
        assert code("someone/short") == "truncated_file"
