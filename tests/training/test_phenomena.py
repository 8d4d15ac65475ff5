"""Each phenomenon points at the places it should, in documents written out by hand."""

from types import SimpleNamespace

import pytest

from model_utils.meadow import sample_documents, tokenize
from model_utils.training.phenomena import PHENOMENA


@pytest.mark.parametrize(
    ("name", "kind", "text", "tested"),
    [
        ("agreement", "agreement", "The dogs near the tree are hungry.", ["are"]),
        ("agreement", "agreement", "The dogs near the trees are hungry.", []),
        ("agreement", "agreement", "The key in the box was red.", []),
        ("capitals", "capitals", "The capital of France is Paris. People there speak French.", ["Paris"]),
        ("capitals", "capitals", "What is the capital of Peru? Lima.", ["Lima"]),
        ("capitals", "capitals", "Paris is the capital of France.", []),
        ("copying", "copies", "Leo said: the bee hid the map. Again: the bee hid the map.", ["bee", "hid", "map"]),
        ("induction", "lists", "List: cup moon owl cup moon owl.", ["moon", "owl"]),
        ("induction", "lists", "List: a b c a b c a b c.", ["b", "c", "a", "b", "c"]),
        ("pronouns", "feelings", "Ben was sad because he lost his key.", ["he", "his"]),
        ("answers", "where", "The cup is in the box. Where is the cup? It is in the box.", ["box"]),
        ("answers", "who", "Ben has the cup. Mia has the key. Who has the key? Mia has the key.", ["Mia"]),
        ("sentiment", "reviews", "Review: The film was good. Sentiment: positive.", ["positive"]),
        ("induction", "copies", "Leo said: the bee hid the map. Again: the bee hid the map.", []),
    ],
)
def test_places(name: str, kind: str, text: str, tested: list[str]) -> None:
    document = SimpleNamespace(kind=kind, words=tokenize(text))
    assert [document.words[place] for place in PHENOMENA[name](document)] == tested


def test_meadow_puts_every_phenomenon_to_the_test() -> None:
    documents = list(sample_documents(1000, seed=2))
    places = {name: sum(len(list(skill(one))) for one in documents) for name, skill in PHENOMENA.items()}
    assert min(places.values()) >= 20, places
