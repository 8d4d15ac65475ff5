"""The course map: five parts, and every lesson of the syllabus, written or to come."""

import logging
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lessons.reading import LessonError, folders, read

HERE = Path(__file__).parent
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One line of the map. `written` tells whether there is a page to go to."""

    slug: str
    order: int
    part: int
    title: str
    question: str
    minutes: int
    written: bool


@dataclass(frozen=True)
class Part:
    """A part of the course with its lessons in order."""

    number: int
    title: str
    lessons: tuple[Entry, ...]


def course(language: str) -> tuple[Part, ...]:
    """The whole map in one language. A lesson's own front matter stands above what course.toml foretells of it."""
    plan = _plan(HERE / "course.toml", (HERE / "course.toml").stat().st_mtime_ns)
    entries = {item["slug"]: _foretold(item, language) for item in plan["lesson"]}
    entries |= {slug: entry for slug in folders() if (entry := _written(slug, language))}
    ordered = sorted(entries.values(), key=lambda entry: (entry.order, entry.slug))
    return tuple(
        Part(number, part[language], tuple(entry for entry in ordered if entry.part == number))
        for number, part in enumerate(plan["part"], start=1)
    )


def _foretold(item: dict, language: str) -> Entry:
    return Entry(
        item["slug"], item["order"], item["order"] // 10, item["title"][language], item["question"][language],
        item["minutes"], written=False,
    )  # fmt: skip


def _written(slug: str, language: str) -> Entry | None:
    """None for a lesson that cannot be read: it is missing from the map, and the rest of the course goes on."""
    try:
        lesson = read(slug, language)
    except LessonError as error:
        LOG.error("Left out of the course: %s", error)
        return None
    return Entry(slug, lesson.order, lesson.part, lesson.title, lesson.question, lesson.minutes, written=True)


@lru_cache(maxsize=2)
def _plan(path: Path, modified: int) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))
