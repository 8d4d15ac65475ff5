"""Checks of a lesson: predictions, quiz items and tasks, read from its checks.toml."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from lessons.reading import LessonError, folder


@dataclass(frozen=True)
class Option:
    """One answer, the reason why it is right or wrong, and which of the two it is."""

    text: str
    reason: str
    right: bool


@dataclass(frozen=True)
class Goal:
    """Change at most `edits` words of `start` so that `model` gives `word` at least the probability `at_least`."""

    model: str
    start: str
    word: str
    at_least: float
    edits: int


@dataclass(frozen=True)
class Check:
    """One item. A prediction may cover a `demo`; only a task has a `goal`, `hint` and `praise`."""

    number: int
    kind: Literal["prediction", "quiz", "task"]
    question: str
    options: tuple[Option, ...] = ()
    demo: str | None = None
    goal: Goal | None = None
    hint: str = ""
    praise: str = ""
    misconception: int | None = None
    from_lesson: str | None = None


def checks(slug: str, language: str) -> tuple[Check, ...]:
    """All checks of a lesson in one language, by number; () when it has none. LessonError names what is wrong."""
    path = folder(slug) / "checks.toml"
    return _parse(path, language, path.stat().st_mtime_ns) if path.is_file() else ()


@lru_cache(maxsize=256)
def _parse(path: Path, language: str, modified: int) -> tuple[Check, ...]:
    """`modified` is part of the key, so that an edited file is read again."""
    try:
        items = tomllib.loads(path.read_text(encoding="utf-8")).get("check", [])
        return tuple(sorted((_check(item, language) for item in items), key=lambda check: check.number))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise LessonError(f"lessons/{path.parent.name}/checks.toml ({language}): {error!r}") from error


def _check(item: dict, language: str) -> Check:
    options = tuple(
        Option(option["text"][language], option["reason"][language], option["right"])
        for option in item.get("option", ())
    )
    goal = Goal(**item["goal"]) if "goal" in item else None
    return Check(
        number=item["number"],
        kind=item["kind"],
        question=item["question"][language],
        options=options,
        demo=item.get("demo"),
        goal=goal,
        hint=item["hint"][language] if goal else "",
        praise=item["praise"][language] if goal else "",
        misconception=item.get("misconception"),
        from_lesson=item.get("from_lesson"),
    )
