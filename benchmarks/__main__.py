"""Run the programs named on the command line, or all of them, and keep what they found."""

import sys
from importlib import import_module

from benchmarks.report import keep, machine, markdown

PROGRAMS = ("meadow", "forward", "start", "slider", "scrub", "maps", "class_room", "lessons")


def main(names: list[str]) -> int:
    """Returns the number of bars missed."""
    missed = 0
    print(machine())
    for name in names or PROGRAMS:
        table = import_module(f"benchmarks.{name}").measure()
        keep(table)
        print(markdown(table), flush=True)
        missed += sum(row.held is False for row in table.rows)
    return missed


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 100))
