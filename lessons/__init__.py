"""The lessons: prose in two languages, maths, figures and checks. No Streamlit here, and nothing heavy at import.

A lesson is a folder: `en.md`, `zh.md`, `maths.py`, `figures.py`, `checks.toml`. See CONTRIBUTING.md for how to add one.
"""

from lessons.checks import Check, Goal, Option, checks
from lessons.course import Entry, Part, course
from lessons.reading import Block, Code, Lesson, LessonError, code, discover, folder, read, source
from lessons.words import LANGUAGES, Misconception, Term, examples, glossary, misconceptions, terms_in, ui_text

__all__ = [
    "LANGUAGES",
    "Block",
    "Check",
    "Code",
    "Entry",
    "Goal",
    "Lesson",
    "LessonError",
    "Misconception",
    "Option",
    "Part",
    "Term",
    "checks",
    "code",
    "course",
    "discover",
    "examples",
    "folder",
    "glossary",
    "misconceptions",
    "read",
    "source",
    "terms_in",
    "ui_text",
]
