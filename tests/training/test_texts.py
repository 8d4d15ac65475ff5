"""The prepared texts: refused when they are missing or changed, and split by the held-out rule."""

import hashlib
import json
from pathlib import Path

import pytest

from model_utils.training.texts import Poem, TextsError, poems, storybooks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two books of 2,000 and 50 lines, and 60 poems; each line says its own number."""
    (tmp_path / "storybooks").mkdir()
    (tmp_path / "poems").mkdir()
    listed = []
    for name, lines in (("1.txt", 2000), ("2.txt", 50)):
        text = "\n".join(f"{name} line {n}" for n in range(lines)) + "\n"
        (tmp_path / "storybooks" / name).write_text(text, encoding="utf-8")
        listed.append({"file": name, "sha256": hashlib.sha256(text.encode()).hexdigest()})
    (tmp_path / "storybooks" / "books.json").write_text(json.dumps(listed), encoding="utf-8")
    rows = "".join(f"{'ci' if n % 2 else 'tang'}\ttitle\tauthor\tpoem {n}\n" for n in range(60))
    (tmp_path / "poems" / "poems.tsv").write_text(rows, encoding="utf-8")
    return tmp_path


def _sum(folder: Path) -> str:
    return hashlib.sha256((folder / "poems" / "poems.tsv").read_bytes()).hexdigest()


def test_chunk_seven_of_every_twenty_five_of_a_book_is_held_out(folder: Path) -> None:
    split = storybooks(folder)
    assert [text.splitlines()[0] for text in split.held_out] == ["1.txt line 280", "1.txt line 1280"]
    assert all(len(text.splitlines()) == 40 for text in split.held_out)
    assert len(split.train) == 48 + 2
    every = [line for text in (*split.train, *split.held_out) for line in text.splitlines()]
    assert len(every) == len(set(every)) == 2050


def test_poem_seven_of_every_twenty_five_is_held_out(folder: Path) -> None:
    split = poems(folder, _sum(folder))
    assert split.held_out == (Poem("ci", "poem 7"), Poem("tang", "poem 32"), Poem("ci", "poem 57"))
    assert len(split.train) == 57


def test_a_changed_file_is_refused(folder: Path) -> None:
    with pytest.raises(TextsError, match="SHA-256"):
        poems(folder)
    with (folder / "storybooks" / "2.txt").open("a", encoding="utf-8") as book:
        book.write("one line more\n")
    with pytest.raises(TextsError, match=r"2\.txt.*SHA-256"):
        storybooks(folder)


@pytest.mark.parametrize("read", [storybooks, poems])
def test_without_the_texts_a_sentence_says_where_they_are(read: object, tmp_path: Path) -> None:
    with pytest.raises(TextsError) as refused:
        read(tmp_path)
    for word in ("Project Gutenberg", "chinese-poetry", "docs/texts.md", "books.json", "poems.tsv"):
        assert word in str(refused.value)
