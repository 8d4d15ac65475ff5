"""The interface's words as components get them."""

import pytest

from lessons import LANGUAGES, ui_text
from pages.ui.language import words_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sections_hold_all_words_once(language):
    every = ui_text(language)
    sections = {key.split(".")[0] for key in every}
    found = {f"{section}.{word}": text for section in sections for word, text in words_of(language, section).items()}
    assert found == dict(every)
    assert sum(len(words_of(language, section)) for section in sections) == len(every)
    assert words_of(language, "tool") == {} != words_of(language, "tools")
