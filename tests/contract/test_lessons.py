"""What every lesson must have, in both languages. A failure names the lesson and what it lacks."""

import ast
import re
import runpy
from pathlib import Path

import pytest

import lessons
from lessons import LANGUAGES, Lesson, checks, course, discover, read, source
from pages import ui

ROOT = Path(__file__).parents[2]
SLUGS = discover()
FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!](?!\S*[`$])")
MISCONCEPTIONS = 24  # shared/TEACHING.md

every_lesson = pytest.mark.parametrize("slug", SLUGS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def prose(lesson: Lesson) -> str:
    return "\n\n".join(block.content for block in lesson.blocks if block.kind == "prose")


def named(lesson: Lesson, kind: str) -> list[str]:
    return [block.content for block in lesson.blocks if block.kind == kind]


def test_there_are_lessons():
    assert SLUGS


@every_lesson
def test_the_languages_agree(slug):
    english, chinese = (read(slug, language) for language in LANGUAGES)
    markers = [[(block.kind, block.content) for block in lesson.blocks if block.kind != "prose"]
               for lesson in (english, chinese)]  # fmt: skip
    assert markers[0] == markers[1], "demo, code and check markers"
    assert FORMULA.findall(prose(english)) == FORMULA.findall(prose(chinese)), "display formulas"
    assert HEADING.findall(prose(english)) == HEADING.findall(prose(chinese)), "headings"
    assert english.labels.keys() == chinese.labels.keys(), "keys of [labels]"
    same = ("order", "part", "minutes", "misconceptions")
    assert [getattr(english, name) for name in same] == [getattr(chinese, name) for name in same]


@every_lesson
@every_language
def test_the_front_matter_is_filled_in(slug, language):
    lesson = read(slug, language)
    texts = [lesson.title, lesson.question, lesson.summary, *lesson.labels.values()]
    assert all(texts), "an empty text"
    assert lesson.order // 10 == lesson.part and 1 <= lesson.part <= 5, "order = part * 10 + place"
    assert 10 <= lesson.minutes <= 25
    assert lesson.misconceptions and all(1 <= number <= MISCONCEPTIONS for number in lesson.misconceptions)
    chinese = [bool(CHINESE.search(text)) for text in (lesson.title, lesson.question, lesson.summary)]
    assert chinese == [language == "zh"] * 3


@every_lesson
@every_language
def test_the_prose_is_markdown_and_nothing_else(slug, language):
    text = prose(read(slug, language))
    assert not re.search(r"<[a-zA-Z/!][^>]*>", re.sub(r"`[^`]*`|\$[^$]*\$", "", text)), "HTML, or a marker not alone"
    assert "![" not in text, "an image"
    if language == "zh":
        assert not (found := HALF_WIDTH.search(text)), f"half-width punctuation: {found and found[0]}"


@every_lesson
def test_every_demo_is_a_function_of_the_page_and_is_shown(slug, monkeypatch):
    drawn = {}
    monkeypatch.setattr(ui, "lesson_page", lambda name, demos: drawn.update({name: set(demos)}))
    runpy.run_path(str(ROOT / "pages" / f"{slug}.py"))
    assert drawn == {slug: set(named(read(slug, "en"), "demo"))}


@every_lesson
def test_every_code_marker_names_a_function_of_maths(slug):
    for name in named(read(slug, "en"), "code"):
        assert source(slug, name).startswith(("def ", "@"))


@every_lesson
def test_maths_is_short_and_carries_its_formula(slug):
    tree = ast.parse((lessons.folder(slug) / "maths.py").read_text(encoding="utf-8"))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        where = f"lessons/{slug}/maths.py: {function.name}"
        assert function.end_lineno - function.lineno < 15, f"{where}: more than 15 lines"
        assert "$" in (ast.get_docstring(function) or ""), f"{where}: no formula as its docstring"
        arguments = function.args.args + function.args.kwonlyargs
        assert function.returns and all(each.annotation for each in arguments), f"{where}: types"


@every_lesson
def test_a_lesson_has_its_page_and_its_test(slug):
    page = ROOT / "pages" / f"{slug}.py"
    assert page.is_file()
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 60, "a page has at most 60 lines"
    assert (ROOT / "tests" / "lessons" / f"test_{slug}.py").is_file()


@every_lesson
@every_language
def test_checks_are_complete(slug, language):
    items = checks(slug, language)
    assert [str(item.number) for item in items] == sorted(named(read(slug, language), "check"), key=int)
    kinds = [item.kind for item in items]
    assert kinds.count("prediction") >= 1 and kinds.count("task") >= 1 and kinds.count("quiz") >= 2
    for item in items:
        texts = [item.question, *(text for option in item.options for text in (option.text, option.reason))]
        texts += [item.hint, item.praise] if item.goal else []
        where = f"check {item.number}"
        assert all(texts), f"{where}: an empty text"
        if language == "zh":
            assert CHINESE.search(item.question), f"{where}: not in Chinese"
        else:
            plain = (re.sub(r"`[^`]*`", "", text) for text in texts)
            assert not any(map(CHINESE.search, plain)), f"{where}: Chinese in English"


@every_lesson
def test_checks_can_be_answered(slug):
    known = {entry.slug for part in course("en") for entry in part.lessons}
    for item in checks(slug, "en"):
        where = f"check {item.number}"
        assert item.misconception is None or 1 <= item.misconception <= MISCONCEPTIONS, where
        assert item.from_lesson is None or item.from_lesson in known, where
        assert item.demo is None or item.demo in named(read(slug, "en"), "demo"), f"{where}: no such demo"
        if item.kind == "task":
            assert item.goal and item.goal.edits >= 1 and 0 < item.goal.at_least < 1, where
        else:
            assert len(item.options) >= 2 and sum(option.right for option in item.options) == 1, where


@every_lesson
def test_a_covered_demo_comes_after_its_prediction(slug):
    markers = [(block.kind, block.content) for block in read(slug, "en").blocks]
    for item in checks(slug, "en"):
        if item.demo:
            assert markers.index(("check", str(item.number))) < markers.index(("demo", item.demo)), item.number
