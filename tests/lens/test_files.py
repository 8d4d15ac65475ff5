"""The component's files: one scope without clashes, no way in for text, the colours and words of the course."""

import re
from collections import Counter
from pathlib import Path

import pytest

from lessons import ui_text
from lessons.figures.look import palette
from pages.ui.bundle import bundle
from pages.ui.lens import FILES, HERE
from pages.ui.tools import FILES as ROW

TOOLS = HERE.parent / "tools"
SCRIPTS = sorted((*HERE.glob("*.js"), *TOOLS.glob("*.js"), *(HERE.parent / "bertviz").glob("*.js")))


def test_every_script_of_the_lens_is_bundled():
    assert {path for path in FILES if path.parent == HERE} == set(HERE.glob("*.js"))
    assert set(ROW) == set(TOOLS.glob("*.js"))


@pytest.mark.parametrize("files", [FILES, ROW], ids=["lens", "row of tools"])
def test_names_at_the_top_of_the_files_differ(files):
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", bundle(*files), re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_a_bundle_has_one_export_and_no_import():
    text = bundle(*FILES)
    assert re.findall(r"^export .*", text, re.MULTILINE) == [
        "export default function mount({ parentElement, data, setStateValue }) {"
    ]
    assert not re.search(r"^import ", text, re.MULTILINE)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_turns_text_into_markup_or_reaches_out(path: Path):
    code = re.sub(r"//.*", "", path.read_text(encoding="utf-8").replace("http://www.w3.org", ""))
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "fetch(",
        "http:",
        "https:",
    ):
        assert forbidden not in code
    assert len(code.splitlines()) < 300


@pytest.mark.parametrize(("theme", "selector"), [("light", ".lens {"), ("dark", ".lens.dark {")])
def test_the_scales_are_those_of_the_figures(theme, selector):
    css = (HERE / "lens.css").read_text(encoding="utf-8")
    rules = dict(re.findall(r"--([\w-]+): (#\w+)", css[css.index(selector) :].split("}")[0]))
    colours = palette(theme)
    assert [rules[f"seq-{i}"] for i in range(5)] == [colour for _, colour in colours.sequential]
    assert [rules[f"div-{i}"] for i in range(5)] == [colour for _, colour in colours.diverging]
    assert (rules["ink"], rules["accent"], rules["faint"]) == (colours.ink, colours.accent, colours.faint)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_word_that_the_scripts_ask_for_exists(language):
    code = bundle(*FILES)
    asked = set(re.findall(r"words\.(\w+)", code)) | {"kind_self", "kind_encoder", "kind_cross"}
    there = {key.removeprefix("lens.") for key in ui_text(language) if key.startswith("lens.")}
    assert asked == there
