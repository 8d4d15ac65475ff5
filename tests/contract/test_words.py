"""The interface's words, the glossary and the course map: complete in both languages, nothing missing, nothing idle."""

import re
import string
from pathlib import Path

import pytest

from lessons import LANGUAGES, course, discover, examples, glossary, misconceptions, read, terms_in, ui_text

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for pattern in ("*.py", "pages/**/*.py", "pages/**/*.js", "lessons/**/*.py", "model_utils/**/*.py")
    for path in ROOT.glob(pattern)
]
CODE = {path: path.read_text(encoding="utf-8") for path in SOURCES}
SECTIONS = {key.split(".")[0] for key in ui_text("en")}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SYLLABUS = (
    "language_models", "tokens", "embeddings", "positions",
    "attention", "heads", "masking", "block", "encoder_decoder",
    "decoding", "masked_words",
    "pretraining", "rnn", "fine_tuning", "scale",
    "interpretability", "bias_safety_privacy", "applications", "claims", "xray", "glossary",
)  # fmt: skip


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", ui_text("en"))
def test_a_text_is_there_in_both_languages_with_the_same_gaps(key):
    english, chinese = (ui_text(language)[key] for language in LANGUAGES)
    assert english and chinese
    assert fields(english) == fields(chinese)
    assert not re.search(r"[\u4e00-\u9fff][,;:?!.]", chinese), "half-width punctuation after a Chinese character"
    if key != "frame.own_name":
        assert not CHINESE.search(english)


def test_every_text_that_the_program_asks_for_is_there():
    asked = {
        (path.name, key)
        for path, code in CODE.items()
        for key in re.findall(r"""["'](\w+\.\w+)["']""", code)
        if key.split(".")[0] in SECTIONS and not key.endswith((".py", ".js", ".css", ".toml", ".txt", ".svg", ".done"))
    }
    assert len(asked) > 40
    missing = {(name, key) for name, key in asked if key not in ui_text("en") and not _is_widget(key)}
    assert not missing


def _is_widget(key: str) -> bool:
    """Widgets of the frame and the course map are named like texts."""
    return key in {"frame.language", "frame.paper", "home.arcs", "home.text", "training.me"}


@pytest.mark.parametrize("key", ui_text("en"))
def test_no_text_is_idle(key):
    last = key.split(".")[1]
    built = rf"|{last.rpartition('_')[0]}_\$?{{" if "_" in last else ""  # `kind_${{kind}}`
    literal = re.compile(rf"""["'.]{last}\b|\b{last}:{built}""")
    assert any(f'"{key}"' in code or literal.search(code) for code in CODE.values())


def test_the_map_shows_the_whole_syllabus_in_both_languages():
    for language in LANGUAGES:
        entries = [entry for part in course(language) for entry in part.lessons]
        assert sorted(entry.slug for entry in entries) == sorted(SYLLABUS)
        assert len({entry.order for entry in entries}) == len(entries)
        assert all(entry.order // 10 == entry.part and entry.title and entry.question for entry in entries)
        assert {entry.slug for entry in entries if entry.written} == set(discover())
        assert all(bool(CHINESE.search(entry.question)) == (language == "zh") for entry in entries)


def test_a_written_lesson_speaks_for_itself_on_the_map():
    slug = discover()[0]
    entry = next(entry for part in course("zh") for entry in part.lessons if entry.slug == slug)
    assert (entry.title, entry.question) == (read(slug, "zh").title, read(slug, "zh").question)


def test_the_glossary_is_complete():
    for english, chinese in zip(glossary("en"), glossary("zh"), strict=True):
        assert english.key == chinese.key and english.name == chinese.english
        assert english.meaning and CHINESE.search(chinese.meaning)


def test_all_misconceptions_are_there_in_both_languages():
    for language in LANGUAGES:
        known = misconceptions(language)
        assert list(known) == list(range(1, 25))
        texts = [text for one in known.values() for text in (one.think, one.actually)]
        assert all(bool(CHINESE.search(text)) == (language == "zh") for text in texts)


def test_terms_are_found_as_whole_words():
    english = glossary("en")
    assert [term.key for term in terms_in("Two heads: attention heads share the softmax.", english)] == [
        "attention", "head", "softmax",
    ]  # fmt: skip
    assert terms_in("He lost his monkey.", english) == ()
    values = ("数值（数字）", "**值**（value）和它的键")
    assert [[term.key for term in terms_in(text, glossary("zh"))] for text in values] == [[], ["value"]]
    assert "token" in [term.key for term in terms_in("每个词元都有一个向量。", glossary("zh"))]


@pytest.mark.parametrize("kind", ["meadow", "english", "chinese"])
def test_there_are_examples_for_every_kind_of_model(kind):
    assert 4 <= len(examples(kind)) <= 6
