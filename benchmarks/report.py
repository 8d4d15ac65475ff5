"""A table of measurements beside their floors, and the file that collects them."""

import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from pathlib import Path
from statistics import quantiles

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("torch", "transformers", "streamlit", "plotly", "playwright")


@dataclass(frozen=True)
class Row:
    """One measurement. `bar` is what `ours / floor` may be at most, or `ours` itself where there is no floor."""

    what: str
    ours: float
    floor: float | None
    unit: str
    bar: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if not self.floor else self.ours / self.floor

    @property
    def held(self) -> bool | None:
        """Whether the bar is held; None where none is set."""
        if self.bar is None:
            return None
        return (self.ours if self.floor is None else self.ratio) <= self.bar


@dataclass(frozen=True)
class Table:
    """What one program found: `note` says what was done and against what."""

    name: str
    title: str
    note: str
    rows: tuple[Row, ...]


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of the values do not exceed; between neighbours, linearly."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def markdown(table: Table) -> str:
    """A table as a section of RESULTS.md."""
    lines = [
        f"## {table.title}",
        "",
        table.note,
        "",
        "| | Clearhead | floor | ratio | bar | |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for row in table.rows:
        ratio, mark = row.ratio, {None: "", True: "held", False: "**missed**"}[row.held]
        cells = (
            row.what,
            f"{row.ours:.3g} {row.unit}",
            "" if row.floor is None else f"{row.floor:.3g} {row.unit}",
            "" if ratio is None else f"{ratio:.2f}",
            "" if row.bar is None else f"{row.bar:g}" + (f" {row.unit}" if row.floor is None else ""),
            mark,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def machine() -> str:
    """The machine in general words: what a reader needs to judge a ratio."""
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    system = f"{cpu_count()} cores, {platform.machine()}, {platform.system()}"
    return f"{system}, Python {platform.python_version()}, {versions}"


def keep(table: Table) -> None:
    """Put a table's section in its place in RESULTS.md; the sections of other programs stay as they are."""
    opening, closing = f"<!-- {table.name} -->", f"<!-- end of {table.name} -->"
    measured = f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}."
    section = f"{opening}\n{markdown(table)}\n{measured}\n{closing}"
    text = (
        RESULTS.read_text("utf-8")
        if RESULTS.is_file()
        else "# Results\n\nWritten by `make bench`; ratios matter, not the milliseconds.\n"
    )
    pattern = re.compile(re.escape(opening) + ".*?" + re.escape(closing), re.DOTALL)
    text = pattern.sub(lambda _: section, text) if pattern.search(text) else f"{text.rstrip()}\n\n{section}\n"
    RESULTS.write_text(text, "utf-8")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(none)"
