"""Lessons read from folders: blocks in order, and a clear word for everything that can be wrong."""

import inspect
import os

import pytest

import lessons
from lessons import Block, LessonError, checks, code, discover, read, reading, source
from lessons.attention import maths

FRONT = """+++
order = 21
part = 2
title = "T"
question = "Q"
summary = "S"
minutes = 20
misconceptions = [3]
[labels]
weight = "w"
+++
"""
PROSE = """
## One

Text with $x$.

<!-- demo: look -->
<!-- code: weights -->

After <!-- demo: not_alone --> it.

<!-- check: 2 -->
"""


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder of lessons with one lesson, "sample"."""
    monkeypatch.setattr(reading, "HERE", tmp_path / "lessons")
    folder = tmp_path / "lessons" / "sample"
    folder.mkdir(parents=True)
    (folder / "en.md").write_text(FRONT + PROSE, encoding="utf-8")
    return folder


def test_a_lesson_is_cut_at_its_markers(shelf):
    lesson = read("sample", "en")
    assert lesson.blocks == (
        Block("prose", "## One\n\nText with $x$."),
        Block("demo", "look"),
        Block("code", "weights"),
        Block("prose", "After <!-- demo: not_alone --> it."),
        Block("check", "2"),
    )
    assert (lesson.slug, lesson.language, lesson.order, lesson.misconceptions) == ("sample", "en", 21, (3,))
    assert lesson.labels["weight"] == "w"
    with pytest.raises(TypeError):
        lesson.labels["weight"] = "changed"


def test_chinese_lines_are_joined_without_a_space_and_nothing_else_is(shelf):
    text = "一行，\n二行 *词*\n三\n\n- 四\n- 五\n\n$$ x $$\n六\n$$ y $$\n\nOne\ntwo"
    (shelf / "zh.md").write_text(FRONT + text, encoding="utf-8")
    joined = "一行，二行 *词*\n三\n\n- 四\n- 五\n\n$$ x $$\n六\n$$ y $$\n\nOne\ntwo"
    assert read("sample", "zh").blocks[0].content == joined


def test_an_edited_lesson_is_read_again(shelf):
    assert read("sample", "en").title == "T"
    path = shelf / "en.md"
    path.write_text((FRONT + PROSE).replace('"T"', '"New"'), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert read("sample", "en").title == "New"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no front matter", "front matter"),
        ("+++\norder = 1\nno end", "front matter"),
        (FRONT.replace("order = 21", "order ="), "en.md: front matter"),
        (FRONT.replace('title = "T"\n', ""), "title"),
        (FRONT.replace("minutes = 20", 'minutes = "20"'), "minutes"),
    ],
)
def test_what_is_wrong_is_named(shelf, text, told):
    (shelf / "en.md").write_text(text, encoding="utf-8")
    with pytest.raises(LessonError, match=told):
        read("sample", "en")


def test_what_is_missing_is_named(shelf):
    with pytest.raises(LessonError, match=r"lessons/sample/zh.md: missing"):
        read("sample", "zh")
    with pytest.raises(LessonError, match="no such lesson"):
        read("nowhere", "en")
    with pytest.raises(LessonError, match="no such lesson"):
        read("../lessons/sample", "en")
    assert checks("sample", "en") == ()


def test_broken_checks_are_named(shelf):
    (shelf / "checks.toml").write_text("[[check]]\nnumber = 1\nkind = 'quiz'\nquestion = { en = 'Q' }\n")
    assert checks("sample", "en")[0].question == "Q"
    with pytest.raises(LessonError, match=r"sample/checks.toml \(zh\).*'zh'"):
        checks("sample", "zh")


def test_a_folder_without_text_is_no_lesson(shelf):
    (shelf.parent / "figures").mkdir()
    assert discover() == ("sample",)


def test_a_lesson_that_cannot_be_read_leaves_the_course_alive(shelf):
    written = [entry.slug for part in lessons.course("en") for entry in part.lessons if entry.written]
    assert written == ["sample"]
    assert not any(entry.written for part in lessons.course("zh") for entry in part.lessons)


def test_the_source_shown_is_the_source_that_runs():
    for name, function in inspect.getmembers(maths, inspect.isfunction):
        if function.__module__ == maths.__name__:
            assert source("attention", name) == inspect.getsource(function).rstrip("\n")


def test_no_source_for_what_is_not_there():
    with pytest.raises(LessonError, match="no function 'nothing'"):
        source("attention", "nothing")


def test_code_is_read_under_its_formula_and_is_the_source_without_it():
    shown = code("attention", "softmax")
    assert len(shown.formulas) == 1 and shown.formulas[0].startswith("a_{ij} =")
    whole = source("attention", "softmax").splitlines()
    assert shown.source.splitlines() == [line for line in whole if "$$" not in line]
    assert shown.source.startswith("def softmax(") and "return powers" in shown.source
