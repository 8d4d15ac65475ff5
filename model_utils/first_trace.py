"""A Trace on disk, so that the first figure can be drawn before torch is imported: numpy only, no pickle."""

import json
from pathlib import Path

import numpy as np

from model_utils.types import AttentionTrace, Trace

WEIGHTS = Path(__file__).parent / "weights"
NAME = "first_trace.npz"
ARRAYS = ("token_ids", "hidden_states", "logits")
ATTENTION_ARRAYS = ("queries", "keys", "values", "attn_scores", "visible", "attn_weights")
PLAIN = ("model_id", "model_kind", "text", "tokens", "spans", "device", "seconds", "tokens_cut")


def keep(model_id: str) -> None:
    """Run an embedded model over its own first text, and keep the Trace beside its weights."""
    from model_utils import catalogue, load, trace

    model = load(model_id)
    save(trace(model, catalogue.find(model_id).first_text), model.vocabulary, WEIGHTS / model_id / NAME)


def save(run: Trace, vocabulary: tuple[str, ...], path: Path) -> None:
    """Write the Trace of one intact causal or encoder run; ValueError for a run that holds more than such a run has."""
    if run.interventions or run.target_text is not None or run.source_tokens is not None or run.logits is None:
        raise ValueError("only the trace of an intact run with logits and without a source can be kept")
    plain = {name: getattr(run, name) for name in PLAIN} | {"vocabulary": vocabulary}
    plain["attentions"] = [{"layer": a.layer, "kind": a.kind, "scaling": a.scaling} for a in run.attentions]
    arrays = {name: getattr(run, name) for name in ARRAYS}
    arrays |= {f"{name}_{i}": getattr(a, name) for i, a in enumerate(run.attentions) for name in ATTENTION_ARRAYS}
    np.savez_compressed(path, plain=np.array(json.dumps(plain)), **arrays)


def load(model_id: str) -> tuple[Trace, tuple[str, ...]]:
    """The Trace that `keep` wrote, equal in every number, and the model's vocabulary.

    Raises FileNotFoundError where nothing was kept.
    """
    return read(WEIGHTS / model_id / NAME)


def read(path: Path) -> tuple[Trace, tuple[str, ...]]:
    """What `save` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        plain = json.loads(str(stored["plain"]))
        attentions = tuple(
            AttentionTrace(**known, **{name: stored[f"{name}_{i}"] for name in ATTENTION_ARRAYS})
            for i, known in enumerate(plain.pop("attentions"))
        )
        vocabulary = tuple(plain.pop("vocabulary"))
        plain["tokens"] = tuple(plain["tokens"])
        plain["spans"] = tuple((first, last) for first, last in plain["spans"])
        return Trace(**plain, attentions=attentions, **{name: stored[name] for name in ARRAYS}), vocabulary
