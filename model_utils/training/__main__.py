"""python -m model_utils.training meadow-gpt [--out DIR] [--steps N] [--threads N] [--resume]
python -m model_utils.training card meadow-gpt [--out DIR] [--threads N]
"""

import argparse
from dataclasses import replace
from pathlib import Path

import torch
from tqdm import tqdm

from model_utils import first_trace, load, trace
from model_utils.training import card
from model_utils.training.meadow_gpt import Recipe, fit

WEIGHTS = Path(__file__).parents[1] / "weights"


def main() -> None:
    """Train a model, or measure a trained one; a model that has just been trained is measured at once.

    The figures are written to the model's card; beside the shipped model also the trace that the first page opens with.
    """
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    folder = arguments.out or WEIGHTS / "meadow-gpt"
    if arguments.command == "meadow-gpt":
        _train(folder, arguments.steps, arguments.resume)
    card.write(folder)
    if folder == WEIGHTS / "meadow-gpt":
        first_trace.save(trace(load("meadow-gpt"), first_trace.FIRST_TEXT), first_trace.FIRST_TRACE)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m model_utils.training")
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("meadow-gpt", help="train meadow-gpt, then measure it")
    training.add_argument("--steps", type=int, default=Recipe.steps)
    training.add_argument("--resume", action="store_true", help="go on from where a broken run was")
    measuring = commands.add_parser("card", help="measure a trained model and write its card")
    measuring.add_argument("model", choices=["meadow-gpt"])
    for command in (training, measuring):
        command.add_argument("--out", type=Path, help="the model's folder, if not the one that is shipped")
        command.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _train(folder: Path, steps: int, resume: bool) -> None:
    recipe = replace(Recipe(), steps=steps)
    with tqdm(total=steps, unit="step") as bar:
        for step in fit(folder, recipe, resume):
            bar.set_postfix(loss=f"{step.loss:.3f}", refresh=False)
            bar.update(step.step - bar.n)


if __name__ == "__main__":
    main()
