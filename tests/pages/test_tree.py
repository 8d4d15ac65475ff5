"""The decoding tree: what Python sends to the browser and believes of what comes back; the rules of its scripts."""

import json
import re
from collections import Counter

import pytest

from lessons import LANGUAGES, ui_text
from lessons.figures.look import palette
from pages.ui.bundle import bundle
from pages.ui.tree import FILES, HERE, packed
from tests.pages.course import of_script
from tests.pages.trees import NAMES, long_tree, small_tree

OWN = tuple(path for path in FILES if path.parent == HERE)


def test_a_tree_arrives_with_its_paths_by_place():
    tree, sent = small_tree(), packed(small_tree(), NAMES, None)
    assert [path["strategy"] for path in sent["paths"]] == [0, 1, 2, 2]
    assert [path["dropped"] for path in sent["paths"]] == [None, None, None, 2]
    assert [path["last"] for path in sent["paths"]] == [6, 5, 7, 4]
    assert [path["score"] for path in sent["paths"]] == [None, None, -1.0, None]
    assert [one["name"] for one in sent["strategies"]] == list(NAMES.values())
    for node, drawn in zip(tree.nodes, sent["nodes"], strict=True):
        assert drawn["paths"] == [[path.id for path in tree.paths].index(one) for one in node.paths]
        assert drawn["cut"] == dict(zip("1", node.cut.values(), strict=False))
        assert drawn["log_probability"] == node.log_probability and drawn["probability"] == node.probability
    assert sent["choices"]["0"][0]["chances"] == {"0": 1.0, "1": 0.75}
    assert sent["start"] == 8


def test_a_strategy_without_a_name_keeps_its_own():
    assert packed(small_tree(), {"top_p": "x"}, None)["strategies"] == [
        {"name": "x"},
        {"name": "greedy"},
        {"name": "beam"},
    ]


@pytest.mark.parametrize(("steps", "start"), [(0, 1), (1, 3), (2, 6), (3, 8), (9, 8)])
def test_an_untouched_page_shows_so_many_steps(steps, start):
    assert packed(small_tree(), NAMES, steps)["start"] == start


def test_the_largest_tree_is_small_to_send():
    assert len(json.dumps(packed(long_tree(), {}, None))) < 100_000


def script():
    from types import SimpleNamespace

    import streamlit as st

    from pages import ui
    from tests.pages.trees import NAMES, small_tree

    st.text(repr(ui.tree(SimpleNamespace(slug="test", language="en"), "t", small_tree(), NAMES)))


@pytest.mark.parametrize(("link", "found"), [("5", "5"), ("0", "0")])
def test_a_link_chooses_a_token(link, found):
    page = of_script(script)
    page.query_params["test.t"] = link
    assert page.run().text[-1].value == found
    (component,) = page.get("bidi_component")
    assert json.loads(component.proto.json)["chosen"] == int(found)


@pytest.mark.parametrize("link", ["8", "-1", "x", "1e3", "\u0661", "99999999999999"])
def test_a_link_to_no_token_is_forgiven(link):
    page = of_script(script)
    page.query_params["test.t"] = link
    assert not page.run().exception and page.text[-1].value == "None"
    assert ui_text("en")["tree.none"] in page.text[0].value and "test.t" not in page.query_params


@pytest.mark.parametrize(("theme", "selector"), [("light", ".tree {"), ("dark", ".tree.dark {")])
def test_the_strategies_have_the_colours_of_the_figures(theme, selector):
    css = (HERE / "tree.css").read_text(encoding="utf-8")
    rules = dict(re.findall(r"--([\w-]+): (#\w+)", css[css.index(selector) :].split("}")[0]))
    assert [rules[f"cat-{place}"] for place in range(7)] == list(palette(theme).categories)


def test_names_at_the_top_of_the_files_differ():
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", bundle(*FILES), re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert len(re.findall(r"^export ", bundle(*FILES), re.MULTILINE)) == 1
    assert set(OWN) == set(HERE.glob("*.js"))


def test_no_script_turns_text_into_markup_or_reaches_out():
    code = re.sub(r"//.*", "", bundle(*OWN).replace("http://www.w3.org", ""))
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "http"):
        assert forbidden not in code
    assert all(len(path.read_text(encoding="utf-8").splitlines()) < 160 for path in OWN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_the_scripts_ask_for_exists(language):
    asked = set(re.findall(r"\bwords\.(\w+)", "\n".join(path.read_text(encoding="utf-8") for path in OWN)))
    there = {key.removeprefix("tree.") for key in ui_text(language) if key.startswith("tree.")}
    assert asked | {"none"} == there
