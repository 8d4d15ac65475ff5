"""Every error that model_utils can raise has its sentence, in both languages, with facts that are really there."""

import ast
import re
from pathlib import Path

import pytest

import model_utils
from lessons import LANGUAGES, ui_text
from model_utils.errors import ModelError
from pages.ui.running import LONGEST_FACT, sentence

SOURCES = sorted(Path(model_utils.__file__).parent.rglob("*.py"))


def raised() -> dict[str, set[str]]:
    """Code -> the facts that come with it wherever it is raised. Codes kept in tables count by their name alone."""
    facts: dict[str, set[str]] = {}
    for call in (node for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8")))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "ModelError":
            codes = (
                [leaf.value for leaf in ast.walk(call.args[0]) if isinstance(leaf, ast.Constant)] if call.args else []
            )
            given = {keyword.arg for keyword in call.keywords if keyword.arg}
            for code in (code for code in codes if isinstance(code, str)):
                facts[code] = facts.get(code, given) & given
    return facts


def documented() -> set[str]:
    """Codes named in docstrings as `ModelError ... "code"`."""
    texts = [
        ast.get_docstring(node) or ""
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    return {code for text in texts if "ModelError" in text for code in re.findall(r'"([a-z]+_[a-z_]+)"', text)}


def test_codes_are_found_at_all():
    assert {"busy", "empty_text", "too_big", "only_bin"} <= set(raised())
    assert "no_network" in documented()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language):
    words = ui_text(language)
    missing = {code for code in set(raised()) | documented() if f"errors.{code}" not in words}
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "facts"), sorted(raised().items()), ids=sorted(raised()))
def test_a_sentence_asks_for_no_fact_that_may_lack(language, code, facts):
    assert set(re.findall(r"\{(\w+)\}", ui_text(language)[f"errors.{code}"])) <= facts


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_code_still_says_something(language):
    words = ui_text(language)
    assert sentence(ModelError("never_heard_of"), words) == words["errors.unexpected"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_are_cut_and_cleaned_and_never_filled_again(language):
    hostile = "a\n\x00\u202e\ud800{size_gb}" + "x" * 1_000_000
    said = sentence(ModelError("too_big", model=hostile, size_gb=7, budget_gb=4), ui_text(language))
    said.encode("utf-8")
    assert "{size_gb}" in said, "a learner's braces are letters"
    assert len(said) < 200 + LONGEST_FACT
    assert not set(said) & set("\n\x00\u202e\ud800")


def test_a_fact_that_lacks_leaves_a_mark_not_a_traceback():
    assert "…" in sentence(ModelError("too_big", model="gpt2"), ui_text("en"))
