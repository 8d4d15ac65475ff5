"""The house style, as far as a program can see it."""

import ast
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(
    path for name in ("app.py", "asgi.py", "pages", "lessons", "model_utils") for path in (ROOT / name,)
    for path in ([path] if path.is_file() else path.rglob("*.py"))
)  # fmt: skip
EVERYTHING = [*PRODUCT, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
SHOWN = [path for path in PRODUCT if "pages" in path.parts or path.parent == ROOT]
HEAVY = {"torch", "transformers", "bertviz", "plotly", "tokenizers", "sklearn", "huggingface_hub"}
LAYERS = {"model_utils": {"streamlit", "plotly", "lessons", "pages"}, "lessons": {"streamlit", "pages"}}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(nodes: list[ast.stmt]) -> set[str]:
    """First parts of the names of what these statements import."""
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_files_and_functions_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 50, f"{node.name}: more than 50 lines"


def test_the_median_file_is_short():
    assert statistics.median(len(path.read_text(encoding="utf-8").splitlines()) for path in PRODUCT) < 80


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_layers_point_one_way(path):
    forbidden = LAYERS.get(path.relative_to(ROOT).parts[0], set())
    assert not imported([node for node in ast.walk(tree_of(path)) if isinstance(node, ast.stmt)]) & forbidden


@pytest.mark.parametrize("path", SHOWN, ids=name_of)
def test_pages_import_nothing_heavy_at_their_top(path):
    assert not imported(tree_of(path).body) & HEAVY


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_no_prints_and_no_words_for_learners(path):
    tree = tree_of(path)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    if "training" not in path.parts:  # a command of its own may speak to whoever runs it
        assert not any(call.func.id == "print" for call in calls)
    if "meadow" not in path.parts:  # the language is a program with two languages in it
        strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        assert not any("\u4e00" <= letter <= "\u9fff" for text in strings if isinstance(text, str) for letter in text)


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_classes_hold_values_or_fill_in_a_librarys_own(path):
    for node in (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)):
        value = any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
        assert value or node.bases, node.name


def test_the_page_and_its_figures_have_the_same_colours():
    from lessons.figures import palette

    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for name in ("light", "dark"):
        colours = palette(name)
        page = theme[name]
        shown = (page["backgroundColor"], page["textColor"], page["primaryColor"], page["borderColor"])
        assert shown == (colours.paper, colours.ink, colours.accent, colours.faint)


def test_ruff_has_nothing_to_say():
    command = [sys.executable, "-m", "ruff", "check", "--output-format=concise", "."]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
