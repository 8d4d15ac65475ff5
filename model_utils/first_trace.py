"""A Trace on disk, so that the first figure can be drawn before torch is imported: numpy only, no pickle."""

import json
from pathlib import Path

import numpy as np

from model_utils.types import AttentionTrace, Trace

FIRST_TEXT = "The dogs near the tree are"
FOLDER = Path(__file__).parent / "weights" / "meadow-gpt"
FIRST_TRACE = FOLDER / "first_trace.npz"
ARRAYS = ("token_ids", "hidden_states", "logits")
ATTENTION_ARRAYS = ("queries", "keys", "values", "attn_scores", "visible", "attn_weights")
PLAIN = ("model_id", "model_kind", "text", "tokens", "spans", "device", "seconds", "tokens_cut")


def save(run: Trace, path: Path) -> None:
    """Write the Trace of one intact causal or encoder run; ValueError for a run that holds more than such a run has."""
    if run.interventions or run.target_text is not None or run.source_tokens is not None or run.logits is None:
        raise ValueError("only the trace of an intact run with logits and without a source can be kept")
    plain = {name: getattr(run, name) for name in PLAIN}
    plain["attentions"] = [{"layer": a.layer, "kind": a.kind, "scaling": a.scaling} for a in run.attentions]
    arrays = {name: getattr(run, name) for name in ARRAYS}
    arrays |= {f"{name}_{i}": getattr(a, name) for i, a in enumerate(run.attentions) for name in ATTENTION_ARRAYS}
    np.savez_compressed(path, plain=np.array(json.dumps(plain)), **arrays)


def load(path: Path = FIRST_TRACE) -> Trace:
    """The Trace that `save` wrote, equal in every number. Raises FileNotFoundError where there is none."""
    with np.load(path, allow_pickle=False) as stored:
        plain = json.loads(str(stored["plain"]))
        attentions = tuple(
            AttentionTrace(**known, **{name: stored[f"{name}_{i}"] for name in ATTENTION_ARRAYS})
            for i, known in enumerate(plain.pop("attentions"))
        )
        plain["tokens"] = tuple(plain["tokens"])
        plain["spans"] = tuple((first, last) for first, last in plain["spans"])
        return Trace(**plain, attentions=attentions, **{name: stored[name] for name in ARRAYS})


def vocabulary(folder: Path = FOLDER) -> tuple[str, ...]:
    """The model's tokens by id, with a space where the byte-level tokenizer writes its sign for one."""
    description = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    ids = description["model"]["vocab"] | {token["content"]: token["id"] for token in description["added_tokens"]}
    return tuple(token.replace("\u0120", " ") for token in sorted(ids, key=ids.__getitem__))
