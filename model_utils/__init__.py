"""Models under a lens: load one, run it once, keep everything that happened.

    from model_utils import load, trace
    run = trace(load("minilm"), "The bank of the river")
    run.attentions[0].attn_weights.shape        # (H, T, S)

The dimension key, the same letters in code, comments, einsum and LaTeX:

    B batch    T query tokens    S key tokens    C model width    H heads    D head width    L layers    V vocabulary

Importing this package costs next to nothing: torch and transformers are imported when a model is first loaded.
"""

from importlib import import_module

_HOMES = {
    "AttentionTrace": "types",
    "Model": "types",
    "Trace": "types",
    "ModelError": "errors",
    "HeadOff": "interventions",
    "Intervention": "interventions",
    "OwnMask": "interventions",
    "PositionsOff": "interventions",
    "Unmasked": "interventions",
    "Unscaled": "interventions",
    "load": "loading",
    "vocabulary": "reading",
    "trace": "tracing",
    "trace_batch": "tracing",
}

__all__ = ["catalogue", *sorted(_HOMES)]


def __getattr__(name: str) -> object:
    """Import a public name from the module it lives in, at its first use (PEP 562)."""
    if name == "catalogue":
        return import_module("model_utils.catalogue")
    if name not in _HOMES:
        raise AttributeError(f"module 'model_utils' has no attribute {name!r}")
    return getattr(import_module(f"model_utils.{_HOMES[name]}"), name)
