"""The form of a poem, and the control tokens that ask for it."""

import pytest

from model_utils.training.poem_card import keeps
from model_utils.training.poem_forms import controls, controls_of, form_of, lines_of
from model_utils.training.texts import Poem
from tests.training.own import VERSES

COMMA, STOP = "\uff0c", "\u3002"


def _verse(*lengths: int, kind: str = "tang") -> Poem:
    """A poem of lines with so many characters each."""
    return Poem(kind, "".join("\u5c71" * n + (STOP if i % 2 else COMMA) for i, n in enumerate(lengths)))


@pytest.mark.parametrize(
    ("poem", "form", "asked"),
    [
        (_verse(5, 5, 5, 5), "five", ["five", "4"]),
        (_verse(*[7] * 8), "seven", ["seven", "8"]),
        (_verse(*[5] * 6), "five", ["five"]),
        (_verse(5, 7, 7, 7), "mixed", ["mixed", "4"]),
        (_verse(3, 3), "mixed", ["mixed"]),
        (_verse(5, 5, 5, 5, kind="ci"), "ci", ["ci", "4"]),
    ],
)
def test_form_and_controls(poem: Poem, form: str, asked: list[str]) -> None:
    assert form_of(poem) == form
    assert controls_of(poem) == tuple(controls()[name] for name in asked)


def test_our_own_verses_are_what_they_are_meant_to_be() -> None:
    assert [form_of(poem) for poem in VERSES] == ["five"] * 3 + ["seven"] * 3 + ["ci"] * 2
    assert [len(line) for line in lines_of(VERSES[0].text)] == [5, 5, 5, 5]


def test_a_form_is_kept_by_a_whole_poem_only() -> None:
    text = _verse(5, 5, 5, 5).text
    assert keeps(text, 5)
    assert not keeps(text, 7)
    assert not keeps(text[:-1], 5)
    assert not keeps(text + _verse(5, 4).text, 5)
    assert not keeps("", 5)
