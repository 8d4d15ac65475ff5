"""A model without attention: no lesson about attention offers it, and where its name is typed a sentence says so."""

import pytest

from lessons import ui_text
from model_utils import catalogue
from tests.pages.course import open_page, said

NAME = "meadow-rnn"
ANY_MODEL = {"block.counted_model", "tokens.look_model"}  # parts of a model and tokens, of whatever kind it is
LESSONS = ("attention", "masking", "heads", "positions", "block", "embeddings")


def pickers(page) -> dict[str, list[str]]:
    """The key of each list of models on a page, and what it offers."""
    titles = {card.title["en"]: card.id for card in catalogue.embedded()}
    offered = {box.key: [titles.get(option, option) for option in box.options] for box in page.selectbox}
    return {key: ids for key, ids in offered.items() if "meadow-gpt" in ids}


@pytest.mark.parametrize("slug", LESSONS)
def test_it_is_not_offered_and_its_name_gets_a_sentence(slug):
    found = pickers(open_page(slug, lang="en"))
    assert found
    assert not [key for key, ids in found.items() if NAME in ids and key not in ANY_MODEL]
    page = open_page(slug, lang="en", **dict.fromkeys(found, NAME))
    words = ui_text("en")
    assert not page.exception
    assert not {words["errors.demo"], words["errors.unexpected"]} & set(said(page).splitlines())
    assert words["errors.other_kind"] in said(page)
