"""The page about the course: every model that comes with it, with the figures of its card, in both languages."""

import json

import pytest

from lessons import LANGUAGES
from lessons.about import about
from lessons.numbers import readable
from model_utils import catalogue
from tests.pages.course import open_page, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_names_every_model_and_what_was_measured(language):
    text = about(language)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cards = catalogue.embedded()
    assert len(rows) == 2 + len(cards)
    for row, card in zip(rows[2:], cards, strict=True):
        assert card.title[language] in row and card.one_line[language] in row
        path = catalogue.folder(card) / "card.json"
        if path.is_file():
            facts = json.loads(path.read_text(encoding="utf-8"))
            assert str(round(facts["training"]["seconds"] / 60)) in row
            measured = facts["measured"]
            if card.id == "storybook-bert":
                places = measured["one_mask"]
                assert all(f"{places[name]['accuracy']:.0%}" in row for name in ("both_sides", "left_alone"))
                continue
            names = ("held_out_loss", "entropy") if card.reads_meadow else (
                ("bits_per_character", "kneser_ney_bits_per_character") if card.language == "en"
                else ("nats_per_character", "kneser_ney_nats_per_character")
            )  # fmt: skip
            assert all(readable(measured[name]) in row for name in names)
            assert measured["parameters"] == card.parameters
            assert "copied_lines" not in measured or f"{measured['copied_lines']:.2%}" in row


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens(language):
    page = open_page("about", lang=language)
    assert not page.exception
    assert "MiniLM" in said(page) and "chinese-poetry" in said(page)
