"""From a recipe to a folder with a model in it: the same weights whether the run was broken and resumed or not."""

import json
import platform
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from model_utils.training import tokenizer
from model_utils.training.loop import Loss, Step, next_tokens, train, warmup_stable_decay
from model_utils.training.muon import Muon
from model_utils.training.network import half_weights

STATE = "unfinished.pt"  # network, optimizer and step of a run that has not ended


@dataclass(frozen=True)
class Recipe:
    """All that decides the weights, besides the text, the shape, the torch build and the number of threads."""

    seed: int
    data_seed: int
    steps: int
    batch_size: int  # rows; of poem-gpt tokens, since its rows differ in length
    peak_rate: float
    warmup: int
    decay: float  # share of the steps in which the learning rate falls
    weight_decay: float
    save_every: int  # a broken run can go on from its last multiple of this


@dataclass(frozen=True)
class Work:
    """What is to be trained, on what: a transformers network, its tokenizer, its batches and what they cost.

    batches(n): the batches from number n on, the same ones each time; targets(batch): how many tokens one is about.
    """

    network: Any
    words: Tokenizer
    batches: Callable[[int], Generator[Any]]
    loss_of: Loss
    kept: tuple[int, ...] = ()  # steps whose weights stay in checkpoints/
    bfloat16: bool = False  # matrix products in bfloat16: twice as fast where the processor has instructions for it
    targets: Callable[[Any], int] = next_tokens
    special_tokens: Mapping[str, str] = field(default_factory=lambda: tokenizer.ENDS)  # their names in transformers


def fit(folder: Path, recipe: Recipe, work: Work, resume: bool = False) -> Iterator[Step]:
    """Train in `folder`, yielding each Step; leaves the model, its tokenizer, checkpoints/ and run.json there.

    With `resume`, goes on from the state that a broken run left in `folder`, if there is one, to the weights of an
    unbroken run.
    """
    network = work.network
    optimizer = Muon(network, recipe.weight_decay, work.bfloat16)
    done = _resume(folder, network, optimizer) if resume else Step(0, float("nan"), 0, 0.0)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(work.words, folder, network.config.max_position_embeddings, work.special_tokens)
    network.config.save_pretrained(folder)
    if done.step == 0 and 0 in work.kept:
        _keep(network, folder, 0)

    rate = warmup_stable_decay(recipe.peak_rate, recipe.steps, recipe.warmup, recipe.decay)
    loss_of = in_bfloat16(work.loss_of) if work.bfloat16 else work.loss_of
    with closing(work.batches(done.step)) as batches:
        updates = train(network, batches, optimizer, rate, loss_of=loss_of, targets=work.targets, first_step=done.step)
        for step in updates:
            total = Step(step.step, step.loss, done.tokens + step.tokens, done.seconds + step.seconds)
            if step.step in work.kept:
                _keep(network, folder, step.step)
            if step.step % recipe.save_every == 0:
                _save_state(folder, network, optimizer, total)
            yield total
            if step.step == recipe.steps:
                break
    _finish(folder, network, recipe, total)


def in_bfloat16(loss_of: Loss) -> Loss:
    """The same loss with its matrix products in bfloat16; weights, sums and softmax stay in float32."""

    def loss(network: nn.Module, batch: Any) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return loss_of(network, batch)

    return loss


def _keep(network: Any, folder: Path, step: int) -> None:
    (folder / "checkpoints").mkdir(exist_ok=True)
    save_file(half_weights(network), folder / "checkpoints" / f"step-{step:06d}.safetensors", {"format": "pt"})


def _finish(folder: Path, network: Any, recipe: Recipe, total: Step) -> None:
    save_file(half_weights(network), folder / "model.safetensors", {"format": "pt"})
    machine = f"{torch.get_num_threads()} threads, {platform.machine()}, no GPU"
    spent = {"tokens": total.tokens, "seconds": round(total.seconds), "machine": machine}
    (folder / "run.json").write_text(json.dumps({**asdict(recipe), **spent}, indent=2) + "\n")
    (folder / STATE).unlink(missing_ok=True)


def _save_state(folder: Path, network: Any, optimizer: torch.optim.Optimizer, total: Step) -> None:
    """Written beside and then renamed, so that a stop in the middle leaves the older state whole."""
    unfinished = folder / f"{STATE}.part"
    state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "total": asdict(total)}
    torch.save(state, unfinished)
    unfinished.replace(folder / STATE)


def _resume(folder: Path, network: Any, optimizer: torch.optim.Optimizer) -> Step:
    if not (folder / STATE).exists():
        return Step(0, float("nan"), 0, 0.0)
    state = torch.load(folder / STATE, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    return Step(**state["total"])


def load_checkpoint(folder: Path, step: int) -> dict[str, Tensor]:
    """The float16 weights that `folder` keeps of `step`; FileNotFoundError when that step was not kept."""
    return load_file(folder / "checkpoints" / f"step-{step:06d}.safetensors")
