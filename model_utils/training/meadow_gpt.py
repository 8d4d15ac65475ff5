"""The recipe of meadow-gpt: a small GPT-2 that reads Meadow from a fixed seed, kept at 16 moments of its life."""

import json
import platform
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import count, takewhile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import GPT2Config, GPT2LMHeadModel

from model_utils.training import corpus, tokenizer
from model_utils.training.loop import Step, next_token_loss_by_length, train, warmup_stable_decay
from model_utils.training.muon import Muon

MAX_TOKENS = 128
STATE = "unfinished.pt"  # network, optimizer and step of a run that has not ended


@dataclass(frozen=True)
class Recipe:
    """All that decides the weights, besides the torch build and the number of threads."""

    seed: int = 1
    data_seed: int = 1_000_000
    steps: int = 4600
    batch_size: int = 128
    peak_rate: float = 6e-3
    warmup: int = 60
    decay: float = 0.3  # share of the steps in which the learning rate falls
    weight_decay: float = 0.01
    save_every: int = 100  # a broken run can go on from its last multiple of this


def shape(words: int) -> GPT2Config:
    """5 layers x 4 heads x width 128, tied embeddings, no dropout: it is never shown the same batch twice."""
    return GPT2Config(
        vocab_size=words,
        n_positions=MAX_TOKENS,
        n_embd=128,
        n_layer=5,
        n_head=4,
        activation_function="gelu_pytorch_tanh",  # gelu_new in one operation: a fifth off the training time
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=0,
        eos_token_id=0,
        dtype="float32",  # what the float16 file is opened as
        architectures=["GPT2LMHeadModel"],
    )


def newborn(seed: int, words: int) -> GPT2LMHeadModel:
    """The network at step 0: always the same for the same seed, vocabulary size and torch build."""
    torch.manual_seed(seed)
    return GPT2LMHeadModel(shape(words))


def checkpoint_steps(steps: int) -> tuple[int, ...]:
    """The steps at which the weights are kept: 0, 10, then each 1.55 times the last; `steps` itself is the model."""
    spaced = (round(10 * 1.55**power) for power in count())
    return (0, *takewhile(lambda step: step < steps, spaced))


def half_weights(network: GPT2LMHeadModel) -> dict[str, Tensor]:
    """The weights as they are shipped: float16, the tied output matrix left out."""
    tensors = network.state_dict().items()
    return {name: tensor.detach().half().contiguous() for name, tensor in tensors if name != "lm_head.weight"}


def fit(folder: Path, recipe: Recipe, resume: bool = False) -> Iterator[Step]:
    """Train in `folder`, yielding each Step; leaves the model, its tokenizer, checkpoints/ and run.json there.

    With `resume`, goes on from the state that a broken run left in `folder`, if there is one, to the weights of an
    unbroken run.
    """
    words = corpus.meadow_tokenizer()
    network = newborn(recipe.seed, words.get_vocab_size())
    optimizer = Muon(network, recipe.weight_decay)
    done = _resume(folder, network, optimizer) if resume else Step(0, float("nan"), 0, 0.0)
    kept = checkpoint_steps(recipe.steps)
    (folder / "checkpoints").mkdir(parents=True, exist_ok=True)
    tokenizer.save(words, folder, MAX_TOKENS)
    network.config.save_pretrained(folder)
    if done.step == 0:
        _keep(network, folder, 0)

    rate = warmup_stable_decay(recipe.peak_rate, recipe.steps, recipe.warmup, recipe.decay)
    with closing(corpus.batches(recipe.data_seed, recipe.batch_size, first=done.step)) as batches:
        tensors = map(torch.from_numpy, batches)
        for step in train(network, tensors, optimizer, rate, loss_of=next_token_loss_by_length, first_step=done.step):
            total = Step(step.step, step.loss, done.tokens + step.tokens, done.seconds + step.seconds)
            if step.step in kept:
                _keep(network, folder, step.step)
            if step.step % recipe.save_every == 0:
                _save_state(folder, network, optimizer, total)
            yield total
            if step.step == recipe.steps:
                break
    _finish(folder, network, recipe, total)


def _keep(network: GPT2LMHeadModel, folder: Path, step: int) -> None:
    save_file(half_weights(network), folder / "checkpoints" / f"step-{step:06d}.safetensors", {"format": "pt"})


def _finish(folder: Path, network: GPT2LMHeadModel, recipe: Recipe, total: Step) -> None:
    save_file(half_weights(network), folder / "model.safetensors", {"format": "pt"})
    machine = f"{torch.get_num_threads()} threads, {platform.machine()}, no GPU"
    spent = {"tokens": total.tokens, "seconds": round(total.seconds), "machine": machine}
    (folder / "run.json").write_text(json.dumps({**asdict(recipe), **spent}, indent=2) + "\n")
    (folder / STATE).unlink(missing_ok=True)


def _save_state(folder: Path, network: GPT2LMHeadModel, optimizer: torch.optim.Optimizer, total: Step) -> None:
    """Written beside and then renamed, so that a stop in the middle leaves the older state whole."""
    unfinished = folder / f"{STATE}.part"
    state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "total": asdict(total)}
    torch.save(state, unfinished)
    unfinished.replace(folder / STATE)


def _resume(folder: Path, network: GPT2LMHeadModel, optimizer: torch.optim.Optimizer) -> Step:
    if not (folder / STATE).exists():
        return Step(0, float("nan"), 0, 0.0)
    state = torch.load(folder / STATE, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    return Step(**state["total"])


def load_checkpoint(folder: Path, step: int) -> dict[str, Tensor]:
    """The float16 weights that `folder` keeps of `step`; FileNotFoundError when that step was not kept."""
    return load_file(folder / "checkpoints" / f"step-{step:06d}.safetensors")
