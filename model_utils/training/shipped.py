"""A trained model as it is shipped: opened from its folder for measuring, and its card written there."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, GPT2LMHeadModel


def opened(folder: Path) -> GPT2LMHeadModel:
    """The network in float32, with eager attention, so that its weights can be looked at."""
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def words_of(folder: Path) -> Tokenizer:
    """Its tokenizer."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def write_card(folder: Path, measured: dict[str, Any]) -> None:
    """card.json: the facts of the training from run.json, then what was measured."""
    training = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    write(folder / "card.json", {"model": folder.name, "training": training, "measured": measured})


def write(path: Path, content: dict[str, Any]) -> None:
    """Readable JSON, the characters as they are."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
