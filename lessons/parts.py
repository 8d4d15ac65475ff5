"""A lesson's parts, imported when they are first used: maths.py brings torch, and a page's first text must not wait."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


def when_used(package: str) -> Callable[[str], ModuleType]:
    """A module-level `__getattr__` (PEP 562) for a lesson's `__init__.py`: `attention.steps` imports steps.py."""

    def part(name: str) -> ModuleType:
        if name.startswith("_") or find_spec(f"{package}.{name}") is None:
            raise AttributeError(f"module {package!r} has no part {name!r}")
        return import_module(f"{package}.{name}")

    return part
