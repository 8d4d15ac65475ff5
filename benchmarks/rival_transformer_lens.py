"""TransformerLens by itself, in its own environment: {length: [ms with the cache, ms without]} as JSON."""

import json
import sys
import time
from importlib.metadata import version
from statistics import median

import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig

ROUNDS = 15


def main(lengths: list[int]) -> None:
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    shape = {
        "n_layers": 12,
        "d_model": 768,
        "n_heads": 12,
        "d_head": 64,
        "d_mlp": 3072,
        "d_vocab": 50257,
        "n_ctx": 1024,
    }
    model = HookedTransformer(HookedTransformerConfig(**shape, act_fn="gelu_new", normalization_type="LN", seed=0))
    found: dict[str, object] = {"version": version("transformer-lens")}
    for length in lengths:
        tokens = torch.arange(length)[None]
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(ROUNDS + 3):
            for kept, work in zip(times, (model.run_with_cache, model), strict=True):
                begun = time.perf_counter()
                work(tokens)
                if number >= 3:
                    kept.append((time.perf_counter() - begun) * 1000)
        found[str(length)] = [median(kept) for kept in times]
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main([int(length) for length in sys.argv[1:]])
