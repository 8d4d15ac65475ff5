"""trace against the plain eager forward pass of the same network, and against TransformerLens' cache."""

import json
import os
import subprocess
import time
from collections.abc import Callable

from benchmarks.report import Row, Table, percentile
from benchmarks.servers import ROOT

ROUNDS = 40  # of gpt2
SMALL_ROUNDS = 400  # of networks that take milliseconds, the first tenth to warm up
SHAPES = {"meadow-gpt": (16, 48), "storybook-gpt": (16, 64), "poem-gpt": (16, 64), "gpt2": (16, 64)}
NOTE = (
    "One thread, the two in turn, medians of {rounds} rounds ({small} of the small models). Clearhead: `trace`, "
    "from text to numpy arrays of all hidden states, queries, keys, values, scores and weights. Floor: the same "
    "network with eager attention, from the same text read by the same tokeniser to logits, nothing kept. gpt2 is a "
    "network of its shape with random weights. {lens}"
)
NO_LENS = (
    "TransformerLens was not measured: set TRANSFORMER_LENS_PYTHON to the interpreter of an environment that has "
    "it (`python -m venv there && there/bin/pip install 'transformer-lens<4'`)."
)
WITH_LENS = "TransformerLens {version}: `run_with_cache` against its own plain forward pass, in its own environment."


def measure() -> Table:
    """ms a pass."""
    import torch

    torch.set_num_threads(1)
    rows = [row for name, lengths in SHAPES.items() for row in _rows(name, lengths)]
    rivals = _transformer_lens()
    for length in SHAPES["gpt2"] if rivals else ():
        ours, theirs = rivals[str(length)]
        rows.append(Row(f"TransformerLens: gpt2, {length} tokens, cache against none", ours, theirs, "ms"))
    lens = WITH_LENS.format(version=rivals["version"]) if rivals else NO_LENS
    return Table("forward", "One forward pass", NOTE.format(rounds=ROUNDS, small=SMALL_ROUNDS, lens=lens), tuple(rows))


def _rows(name: str, lengths: tuple[int, ...]) -> list[Row]:
    import torch

    from model_utils import catalogue, trace
    from model_utils.reading import read

    model, plain = _pair(name)
    card = catalogue.find(name) or catalogue.find("meadow-gpt")
    rows = []
    for length in lengths:
        ids = trace(model, f"{card.first_text} " * 40).token_ids[:length]
        text = model.tokenizer.decode(ids, skip_special_tokens=True)

        def eager(text: str = text) -> None:
            with torch.inference_mode():
                plain(input_ids=torch.tensor([read(model, text).ids]), use_cache=False)

        rounds = ROUNDS if name == "gpt2" else SMALL_ROUNDS
        ours, floor = in_turn(lambda text=text: trace(model, text), eager, rounds)
        rows.append(Row(f"{name}, {len(read(model, text).ids)} tokens", ours, floor, "ms", 1.10))
    return rows


def _pair(name: str) -> tuple[object, object]:
    """The model as Clearhead runs it, and the same weights with eager attention."""
    import copy

    from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel

    from model_utils import load
    from model_utils.probing import as_model

    if name != "gpt2":
        model = load(name)
        plain = copy.deepcopy(model.network)
        plain.set_attn_implementation("eager")
        return model, plain
    config = GPT2Config(vocab_size=50257)
    network = GPT2LMHeadModel(config)
    plain = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    plain.load_state_dict(network.state_dict())
    return as_model(network, load("meadow-gpt").tokenizer, name, "causal"), plain


def in_turn(ours: Callable[[], object], floor: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median ms of each, called in turn, after a tenth as many rounds to warm up."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(-rounds // 10, rounds):
        for kept, work in zip(times, (ours, floor), strict=True):
            begun = time.perf_counter()
            work()
            if number >= 0:
                kept.append((time.perf_counter() - begun) * 1000)
    return percentile(times[0], 50), percentile(times[1], 50)


def _transformer_lens() -> dict | None:
    """What the rival measured in its own environment; None when there is none."""
    python = os.environ.get("TRANSFORMER_LENS_PYTHON")
    if not python:
        return None
    command = [python, str(ROOT / "benchmarks" / "rival_transformer_lens.py"), *map(str, SHAPES["gpt2"])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
