"""Whatever cannot be loaded is refused with one code, quickly, and before its weights are read."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import transformers as tf
from safetensors.torch import load_file, save_file

from model_utils import ModelError, load
from model_utils.places import permitted_folder, place
from tests.model_utils.families import byte_level, word_piece


def refusal(model_id: str) -> ModelError:
    with pytest.raises(ModelError) as caught:
        load(model_id)
    return caught.value


@pytest.fixture
def copied(tmp_path: Path, folder_of: Any) -> Any:
    """A copy of a family's folder, to be spoilt."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(folder_of(name), tmp_path / name))

    return copy


def spoil(folder: Path, **changes: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))


UNSUPPORTED = {
    "bloom": lambda: tf.BloomForCausalLM(tf.BloomConfig(vocab_size=320, hidden_size=32, n_layer=2, n_head=4)),
    "mpt": lambda: tf.MptForCausalLM(tf.MptConfig(vocab_size=320, d_model=32, n_layers=2, n_heads=4)),
    "gpt_neo": lambda: tf.GPTNeoForCausalLM(
        tf.GPTNeoConfig(vocab_size=320, hidden_size=32, num_layers=2, num_heads=4, attention_types=[[["global"], 2]])
    ),
    "gptj": lambda: tf.GPTJForCausalLM(tf.GPTJConfig(vocab_size=320, n_embd=32, n_layer=2, n_head=4, rotary_dim=4)),
    "mamba": lambda: tf.MambaForCausalLM(tf.MambaConfig(vocab_size=320, hidden_size=32, num_hidden_layers=2)),
    "longt5": lambda: tf.LongT5ForConditionalGeneration(  # its encoder passes by, its decoder does not
        tf.LongT5Config(vocab_size=320, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4)
    ),
    "gpt_oss": lambda: tf.GptOssForCausalLM(
        tf.GptOssConfig(
            vocab_size=320, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
            head_dim=8, intermediate_size=48, num_local_experts=2, num_experts_per_tok=1,
        )
    ),
}  # fmt: skip


@pytest.mark.parametrize("family", UNSUPPORTED)
def test_attention_that_cannot_be_traced_is_refused(family: str, tmp_path: Path) -> None:
    UNSUPPORTED[family]().save_pretrained(tmp_path)
    byte_level().save_pretrained(tmp_path)
    error = refusal(str(tmp_path))
    assert (error.code, error.facts["family"]) == ("unsupported_attention", family)


def test_a_model_over_the_budget_is_refused_by_its_config_alone(tmp_path: Path) -> None:
    config = tf.GPT2Config(n_layer=96, n_embd=12288, n_head=96, architectures=["GPT2LMHeadModel"])
    config.save_pretrained(tmp_path)
    started = time.perf_counter()
    error = refusal(str(tmp_path))
    assert time.perf_counter() - started < 1
    assert error.code == "too_big" and error.facts["size_gb"] == pytest.approx(698.4, abs=0.5)


def test_the_budget_is_a_setting(monkeypatch: pytest.MonkeyPatch, copied: Any) -> None:
    monkeypatch.setenv("CLEARHEAD_MODEL_BUDGET_GB", "0.0001")
    assert refusal(str(copied("gpt2"))).code == "too_big"


@pytest.mark.parametrize("changes", [{"n_layer": 10**9}, {"n_embd": 10**12}, {"n_layer": -1}, {"n_head": "four"}])
def test_absurd_numbers_are_refused_at_once(changes: dict[str, Any], copied: Any) -> None:
    folder = copied("gpt2")
    spoil(folder, **changes)
    started = time.perf_counter()
    assert refusal(str(folder)).code in ("too_big", "broken_config", "incomplete_weights")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"model_type": 3}', "[" * 100_000])
def test_a_broken_config_is_refused(text: str, copied: Any) -> None:
    folder = copied("gpt2")
    (folder / "config.json").write_text(text)
    assert refusal(str(folder)).code in ("broken_config", "unknown_architecture")


def test_what_we_do_not_run_is_told_apart(copied: Any) -> None:
    folder = copied("gpt2")
    config = json.loads((folder / "config.json").read_text())
    cases: list[tuple[dict[str, Any], str]] = [
        ({"model_type": "brand_new"}, "unknown_architecture"),
        ({"model_type": "brand_new", "auto_map": {"AutoModelForCausalLM": "evil.Model"}}, "remote_code"),
        ({"quantization_config": {"quant_method": "gptq", "bits": 4}}, "quantized"),
        ({"model_type": "vit", "architectures": ["ViTModel"]}, "not_text"),
    ]
    for changes, code in cases:
        (folder / "config.json").write_text(json.dumps(config | changes))
        assert refusal(str(folder)).code == code


def test_only_pickled_weights_are_refused(copied: Any) -> None:
    folder = copied("gpt2")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert refusal(str(folder)).code == "only_bin"
    (folder / "pytorch_model.bin").unlink()
    assert refusal(str(folder)).code == "no_weights"


@pytest.mark.parametrize("keep", [0, 4, 100, -1, -4000])
def test_a_truncated_file_is_refused(keep: int, copied: Any) -> None:
    folder = copied("gpt2")
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:keep])
    error = refusal(str(folder))
    assert (error.code, error.facts["file"]) == ("truncated_file", "model.safetensors")


def test_a_missing_shard_is_named(copied: Any) -> None:
    folder = copied("gpt2")
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert refusal(str(folder)).facts["file"] == "model-00002-of-00002.safetensors"


def test_missing_and_misshapen_weights_are_refused(copied: Any) -> None:
    folder = copied("bert")
    tensors = load_file(folder / "model.safetensors")
    name = next(key for key in tensors if "layer.1.attention.self.query.weight" in key)
    save_file({k: v for k, v in tensors.items() if k != name}, folder / "model.safetensors", {"format": "pt"})
    assert refusal(str(folder)).code == "incomplete_weights"
    save_file(tensors | {name: tensors[name][:3].clone()}, folder / "model.safetensors", {"format": "pt"})
    assert refusal(str(folder)).code in ("incomplete_weights", "broken_weights")


def test_a_folder_without_a_tokenizer_is_refused(copied: Any) -> None:
    folder = copied("gpt2")
    for path in folder.glob("tokenizer*"):
        path.unlink()
    assert refusal(str(folder)).code == "broken_tokenizer"


@pytest.mark.parametrize(
    "model_id",
    ["", "a" * 1_000_000, "../" * 9 + "etc\x00", "a\nb", "a/b/c", "a/../b", "-x", "a/b@", "http://x/y", "a b",
     "x\u202ey", "a//b", "名字/模型", "file:///etc/passwd", "\ud800"],
)  # fmt: skip
def test_malformed_ids_are_refused(model_id: str) -> None:
    error = refusal(model_id)
    assert error.code == "bad_model_id" and len(str(error)) < 300


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(str(tmp_path / "nothing")).code == "unknown_folder"
    assert refusal(str(tmp_path)).code == "unknown_folder"


def test_on_a_network_folders_are_closed_or_inside_the_root(tmp_path: Path) -> None:
    """The same refusal whether a folder exists or not, by path, by dots, by a link."""
    root, outside = tmp_path / "models", tmp_path / "secret"
    (root / "small").mkdir(parents=True)
    outside.mkdir()
    (root / "link").symlink_to(outside)
    assert permitted_folder("./small", root, network=True) == root / "small"
    assert permitted_folder(str(root / "small"), root, network=False) == root / "small"
    assert permitted_folder("/anything", None, network=False) == Path("/anything")
    closed = [str(outside), str(tmp_path / "nothing"), "../secret", "./link", "./small/../../secret", "/etc"]
    for path in closed:
        with pytest.raises(ModelError, match="folder_not_allowed"):
            permitted_folder(path, root, network=False)
        with pytest.raises(ModelError, match="folder_not_allowed"):
            permitted_folder(path, None, network=True)


def test_the_settings_reach_the_decision(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert place(str(tmp_path)).path == tmp_path
    monkeypatch.setenv("CLEARHEAD_NETWORK", "1")
    assert refusal(str(tmp_path)).code == "folder_not_allowed"
    monkeypatch.setenv("CLEARHEAD_MODELS", str(tmp_path))
    assert place("./inside").path == tmp_path / "inside"


def test_a_kind_is_read_from_the_config(folder_of: Any) -> None:
    kinds = {"gpt2": "causal", "bert": "masked", "bert_encoder": "encoder", "t5": "seq2seq", "electra": "masked"}
    assert {name: load(str(folder_of(name))).kind for name in kinds} == kinds


def test_a_classifier_is_read_as_the_encoder_it_contains(tmp_path: Path) -> None:
    config = tf.BertConfig(vocab_size=320, hidden_size=32, num_hidden_layers=2, num_attention_heads=4)
    tf.BertForSequenceClassification(config).save_pretrained(tmp_path)
    word_piece().save_pretrained(tmp_path)
    assert load(str(tmp_path)).kind == "encoder"
