"""A class on one process: many threads, one shared model, and nobody sees anybody else's tensors."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from model_utils import HeadOff, PositionsOff, Trace, Unscaled, load, trace
from tests.model_utils.families import WORDS, write

SWITCHES = ((), (Unscaled(),), (HeadOff(0, 1),), (PositionsOff(),))


def marked(n: int) -> tuple[str, tuple]:
    """A text and switches that no other number below 1,000 has: three words tell n, the length varies too."""
    digits = [WORDS[n // 100 % 10], WORDS[10 + n // 10 % 10], WORDS[n % 10]]
    return " ".join(digits + [WORDS[n % 7]] * (n % 5)), SWITCHES[n % 4]


def same(one: Trace, other: Trace) -> bool:
    pairs = [(one.hidden_states, other.hidden_states), (one.logits, other.logits)]
    for a, b in zip(one.attentions, other.attentions, strict=True):
        pairs += [(a.attn_weights, b.attn_weights), (a.queries, b.queries), (a.values, b.values)]
        pairs += [(a.attn_scores, b.attn_scores)]
    return one.tokens == other.tokens and all(np.array_equal(x, y) for x, y in pairs)


def test_a_thousand_runs_in_eight_threads_are_not_mixed(model_of: Any) -> None:
    models = [model_of("gpt2"), model_of("llama")]

    def run(n: int) -> Trace:
        text, switches = marked(n)
        return trace(models[n % 2], text, switches)

    alone = [run(n) for n in range(1000)]
    assert len({alone[n].hidden_states.tobytes() for n in range(1000)}) == 1000  # each really is marked
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(run, range(1000)))
    assert [n for n in range(1000) if not same(alone[n], together[n])] == []


def test_models_loaded_at_once_by_eight_threads_are_whole(tmp_path: Path) -> None:
    names = ["gpt2", "bert", "llama", "t5", "gpt2", "bert", "llama", "t5"]
    folders = [write(name, tmp_path / f"{name}-{n}", seed=n) for n, name in enumerate(names)]
    with ThreadPoolExecutor(8) as pool:
        models = list(pool.map(lambda folder: load(str(folder)), folders * 2))
    assert all(one is other for one, other in zip(models[:8], models[8:], strict=True))  # loaded once, shared
    for model in models[:8]:
        assert not any(parameter.is_meta for parameter in model.network.parameters())
        assert np.isfinite(trace(model, "the dogs").hidden_states).all()


def test_a_trace_survives_pickling(model_of: Any) -> None:
    run = trace(model_of("gpt2"), "the dogs", [HeadOff(0, 1)])
    copy = pickle.loads(pickle.dumps(run))
    assert same(run, copy) and copy.interventions == run.interventions and copy.spans == run.spans
