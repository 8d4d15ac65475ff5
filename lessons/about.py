"""The page about the course: its prose, and a table of the models that come with it, read from their cards."""

import json
from functools import lru_cache
from pathlib import Path

from lessons.numbers import readable
from lessons.words import ui_text
from model_utils import catalogue
from model_utils.catalogue import ModelCard

HERE = Path(__file__).parent
MARKER = "<!-- models -->"
COLUMNS = ("model", "read", "parameters", "training", "held_out")


@lru_cache(maxsize=4)
def about(language: str) -> str:
    """The page as Markdown, its table filled in."""
    text = (HERE / f"about.{language}.md").read_text(encoding="utf-8")
    words = ui_text(language)
    rows = [[words[f"about.{name}"] for name in COLUMNS], ["---"] * len(COLUMNS)]
    rows += [_row(card, language) for card in catalogue.embedded()]
    return text.replace(MARKER, "\n".join(f"| {' | '.join(row)} |" for row in rows))


def _row(card: ModelCard, language: str) -> list[str]:
    return [
        card.title[language], card.one_line[language], f"{card.parameters / 1e6:.1f} M", *_measured(card, language),
    ]  # fmt: skip


def _measured(card: ModelCard, language: str) -> tuple[str, str]:
    """How long its training took, and its loss on text it had never seen beside what it is compared with."""
    path, words = (catalogue.folder(card) or HERE) / "card.json", ui_text(language)
    if not path.is_file():
        return words["about.elsewhere"], ""
    found = json.loads(path.read_text(encoding="utf-8"))
    facts, unit = found["measured"], "bits" if card.language == "en" else "nats"
    training = words["about.minutes"].format(minutes=round(found["training"]["seconds"] / 60))
    if "one_mask" in facts:
        both, left = (f"{facts['one_mask'][name]['accuracy']:.0%}" for name in ("both_sides", "left_alone"))
        said = words["about.masked"].format(both=both, left=left)
    elif card.reads_meadow:
        said = words["about.truth"].format(loss=readable(facts["held_out_loss"]), entropy=readable(facts["entropy"]))
    else:
        loss, counted = (readable(facts[f"{name}{unit}_per_character"]) for name in ("", "kneser_ney_"))
        copied = f"{facts.get('copied_lines', 0):.2%}"
        said = words[f"about.{unit}"].format(loss=loss, counted=counted, copied=copied)
    return training, said
