"""Documents and texts that several tests read."""

import pytest

from model_utils.meadow import END, Document, sample_documents, sample_texts, tokenize


@pytest.fixture(scope="session")
def documents() -> tuple[Document, ...]:
    return tuple(sample_documents(20_000, seed=101))


@pytest.fixture(scope="session")
def many() -> tuple[tuple[str, ...], ...]:
    """The words, END included, of 200,000 documents."""
    return tuple((*tokenize(text), END) for text in sample_texts(200_000, seed=8))
