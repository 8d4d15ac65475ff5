"""python -m model_utils.training MODEL [--texts DIR] [--out DIR] [--steps N] [--threads N] [--resume]
python -m model_utils.training card MODEL [--texts DIR] [--out DIR] [--threads N]

MODEL is meadow-gpt, meadow-bert, meadow-translator or meadow-rnn, which need no texts, storybook-gpt, storybook-bert
or poem-gpt.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import torch
from tqdm import tqdm

from model_utils.training.fitting import Recipe, fit
from model_utils.training.models import MODELS, Trained
from model_utils.training.texts import TextsError

WEIGHTS = Path(__file__).parents[1] / "weights"


def main() -> None:
    """Train a model, or measure a trained one; a model that has just been trained is measured at once.

    The figures are written to the model's card, and beside it what its tests and its first page need.
    """
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    measuring = arguments.command == "card"
    name = arguments.model if measuring else arguments.command
    folder, model = arguments.out or WEIGHTS / name, MODELS[name]
    try:
        texts = model.read(arguments.texts)
    except TextsError as error:
        sys.exit(str(error))
    if not measuring:
        _train(
            folder, model, texts, replace(model.recipe, steps=arguments.steps or model.recipe.steps), arguments.resume
        )
    model.measure(folder, texts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m model_utils.training")
    commands = parser.add_subparsers(dest="command", required=True)
    training = [commands.add_parser(name, help=f"train {name}, then measure it") for name in MODELS]
    for command in training:
        command.add_argument("--steps", type=int)
        command.add_argument("--resume", action="store_true", help="go on from where a broken run was")
    measuring = commands.add_parser("card", help="measure a trained model and write its card")
    measuring.add_argument("model", choices=[*MODELS])
    for command in (*training, measuring):
        command.add_argument(
            "--texts", type=Path, default=Path("texts"), help="the folder of the prepared texts: docs/texts.md"
        )
        command.add_argument("--out", type=Path, help="the model's folder, if not the one that is shipped")
        command.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _train(folder: Path, model: Trained, texts: object, recipe: Recipe, resume: bool) -> None:
    with tqdm(total=recipe.steps, unit="step") as bar:
        for step in fit(folder, recipe, model.prepare(texts, recipe), resume):
            bar.set_postfix(loss=f"{step.loss:.3f}", refresh=False)
            bar.update(step.step - bar.n)


if __name__ == "__main__":
    main()
