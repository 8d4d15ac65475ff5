"""Lessons read from their folders: front matter, prose, markers, and the source of their maths."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

HERE = Path(__file__).parent
FENCE = "+++"
MARKER = re.compile(r"^<!-- (demo|code|check): (\w+) -->$")
# A line break after a Chinese character or sign, inside a paragraph: no list, table, quote, heading or formula next.
WRAP = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])\n(?![\s#>|+*-]|\d+\.|\$\$|<!--)")
FORMULA = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
FIELDS = {"order": int, "part": int, "title": str, "question": str, "summary": str, "minutes": int}


class LessonError(ValueError):
    """A lesson's folder lacks something; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Block:
    """One piece of a lesson: markdown text, or the name of a demo or function, or the number of a check."""

    kind: Literal["prose", "demo", "code", "check"]
    content: str


@dataclass(frozen=True)
class Code:
    """A function to be read: its display formulas in LaTeX, and its source."""

    formulas: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Lesson:
    """A lesson in one language, in reading order. `labels` are the words its figures and demos show."""

    slug: str
    language: str
    order: int
    part: int
    title: str
    question: str
    summary: str
    minutes: int
    misconceptions: tuple[int, ...]
    labels: Mapping[str, str] = field(hash=False)
    blocks: tuple[Block, ...]


def folder(slug: str) -> Path:
    """The folder of a lesson; LessonError for a name that is not a lesson's."""
    path = HERE / slug
    if not slug.isidentifier() or not (path / "en.md").is_file():
        raise LessonError(f"lessons/{slug}: no such lesson (a lesson has an en.md)")
    return path


def discover() -> tuple[str, ...]:
    """Slugs of all lessons that exist, in the order of the course. LessonError when one cannot be read."""
    return tuple(sorted(folders(), key=lambda slug: (read(slug, "en").order, slug)))


def folders() -> tuple[str, ...]:
    """Names of all folders that hold a lesson, read or not."""
    return tuple(path.parent.name for path in HERE.glob("*/en.md") if path.parent.name.isidentifier())


def read(slug: str, language: str) -> Lesson:
    """The lesson in one language. LessonError names what is missing or wrong."""
    path = folder(slug) / f"{language}.md"
    if not path.is_file():
        raise LessonError(f"{_named(path)}: missing")
    return _parse(path, path.stat().st_mtime_ns)


def source(slug: str, function: str) -> str:
    """The source of one function of the lesson's maths.py, as it stands in the file that runs."""
    lines, node = _function(slug, function)
    return "\n".join(lines[_first_line(node) - 1 : node.end_lineno])


def code(slug: str, function: str) -> Code:
    """The same source for reading: its formula is taken out, where a docstring is nothing but formulas."""
    lines, node = _function(slug, function)
    documented = ast.get_docstring(node) or ""
    formulas = tuple(found.strip() for found in FORMULA.findall(documented))
    hidden = node.body[0] if formulas and not FORMULA.sub("", documented).strip() else None
    kept = [
        line
        for number, line in enumerate(lines[: node.end_lineno], start=1)
        if number >= _first_line(node) and not (hidden and hidden.lineno <= number <= hidden.end_lineno)
    ]
    return Code(formulas if hidden else (), "\n".join(kept))


def _function(slug: str, function: str) -> tuple[list[str], ast.FunctionDef]:
    """The lines of maths.py and the place of one function in them."""
    path = folder(slug) / "maths.py"
    if not path.is_file():
        raise LessonError(f"{_named(path)}: missing")
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return text.splitlines(), node
    raise LessonError(f"{_named(path)}: no function {function!r}")


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


@lru_cache(maxsize=256)
def _parse(path: Path, modified: int) -> Lesson:
    """`modified` is part of the key, so that an edited lesson is read again without a restart."""
    front, prose = _split(path)
    for name, kind in FIELDS.items():
        if not isinstance(front.get(name), kind):
            raise LessonError(f"{_named(path)}: front matter needs {name} ({kind.__name__})")
    known = {name: front[name] for name in FIELDS}
    return Lesson(
        slug=path.parent.name,
        language=path.stem,
        misconceptions=tuple(front.get("misconceptions", ())),
        labels=MappingProxyType(dict(front.get("labels", {}))),
        blocks=tuple(_blocks(_unwrapped(prose))),
        **known,
    )


def _split(path: Path) -> tuple[dict, str]:
    """Front matter (parsed) and prose of one file."""
    head, fence, rest = path.read_text(encoding="utf-8").partition(f"\n{FENCE}\n")
    if not head.startswith(f"{FENCE}\n") or not fence:
        raise LessonError(f"{_named(path)}: must open with TOML front matter between two lines {FENCE}")
    try:
        return tomllib.loads(head.removeprefix(f"{FENCE}\n")), rest
    except tomllib.TOMLDecodeError as error:
        raise LessonError(f"{_named(path)}: front matter: {error}") from error


def _unwrapped(prose: str) -> str:
    """Chinese lines joined without the space that Markdown would put between them."""
    return WRAP.sub("", prose)


def _blocks(prose: str) -> Iterator[Block]:
    """Prose cut at its markers; a heading that opens a section stays with the text after it."""
    lines: list[str] = []
    for line in [*prose.splitlines(), None]:
        marker = MARKER.match(line) if line is not None else None
        if (line is None or marker) and (text := "\n".join(lines).strip()):
            yield Block("prose", text)
        if marker:
            yield Block(marker[1], marker[2])
        lines = [] if line is None or marker else [*lines, line]


def _named(path: Path) -> str:
    return path.relative_to(HERE.parent).as_posix()
