"""The models that can be trained here: for each its recipe, the texts it reads, and what measures it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from model_utils import first_trace
from model_utils.training import (
    meadow_bert,
    meadow_bert_card,
    meadow_card,
    meadow_gpt,
    meadow_rnn,
    meadow_rnn_card,
    meadow_translator,
    meadow_translator_card,
    poem_card,
    poem_gpt,
    storybook_bert,
    storybook_bert_card,
    storybook_card,
    storybook_gpt,
    texts,
)
from model_utils.training.fitting import Recipe, Work
from model_utils.training.shipped import write, write_card


@dataclass(frozen=True)
class Trained:
    """read(folder of texts) -> texts; prepare(texts, recipe) -> Work; measure(folder, texts) writes the card."""

    recipe: Recipe
    read: Callable[[Path], Any]
    prepare: Callable[[Any, Recipe], Work]
    measure: Callable[[Path, Any], None]


def _measure_meadow(folder: Path, _: None) -> None:
    """Its card, and beside the shipped model the trace that its first page opens with."""
    write_card(folder, meadow_card.measure(folder))
    _keep_first_trace(folder)


def _measure_bert(card: Any) -> Callable[[Path, Any], None]:
    """Its card."""

    def measure(folder: Path, some: Any) -> None:
        write_card(folder, card.measure(folder, some))

    return measure


def _measure_translator(folder: Path, _: None) -> None:
    """Its card, and beside it how `generate` is to begin and to end."""
    meadow_translator_card.keep_settings(folder)
    write_card(folder, meadow_translator_card.measure(folder))


def _measure_rnn(folder: Path, _: None) -> None:
    """Its card, with how fast each kind of network learns on this machine."""
    write_card(folder, meadow_rnn_card.measure(folder) | {"tokens_a_second": meadow_rnn_card.speeds()})


def _measure_real(card: Any) -> Callable[[Path, Any], None]:
    """Its card, the surprisals of a few texts, and the first trace."""

    def measure(folder: Path, some: texts.Split) -> None:
        write_card(folder, card.measure(folder, some))
        write(folder / "held_out.json", card.kept_losses(folder, some))
        _keep_first_trace(folder)

    return measure


def _keep_first_trace(folder: Path) -> None:
    """Of a shipped model; one that is trained elsewhere has no page."""
    if folder.parent == first_trace.WEIGHTS:
        first_trace.keep(folder.name)


MODELS: Mapping[str, Trained] = MappingProxyType(
    {
        "meadow-gpt": Trained(
            meadow_gpt.RECIPE, lambda _: None, lambda _, recipe: meadow_gpt.prepare(recipe), _measure_meadow
        ),
        "storybook-gpt": Trained(
            storybook_gpt.RECIPE, texts.storybooks, storybook_gpt.prepare, _measure_real(storybook_card)
        ),
        "poem-gpt": Trained(poem_gpt.RECIPE, texts.poems, poem_gpt.prepare, _measure_real(poem_card)),
        "meadow-bert": Trained(
            meadow_bert.RECIPE,
            lambda _: None,
            lambda _, recipe: meadow_bert.prepare(recipe),
            _measure_bert(meadow_bert_card),
        ),
        "storybook-bert": Trained(
            storybook_bert.RECIPE, texts.storybooks, storybook_bert.prepare, _measure_bert(storybook_bert_card)
        ),
        "meadow-translator": Trained(
            meadow_translator.RECIPE,
            lambda _: None,
            lambda _, recipe: meadow_translator.prepare(recipe),
            _measure_translator,
        ),
        "meadow-rnn": Trained(
            meadow_rnn.RECIPE, lambda _: None, lambda _, recipe: meadow_rnn.prepare(recipe), _measure_rnn
        ),
    }
)
