"""What the tokens lesson says of the models that come with the course, and of its own texts."""

import re

from lessons import LANGUAGES, checks, read
from lessons import tokens as lesson
from lessons.tokens import merging, permuting, steps, training
from model_utils import trace
from model_utils.decoding import next_token_distribution, top
from model_utils.tokenising import load_tokeniser, tokenise


def cut(model_id: str, text: str) -> list[tuple[str, int]]:
    """Tokens and ids of the text itself."""
    found = tokenise(load_tokeniser(model_id), text)
    return [(token, one) for token, one, (a, b) in zip(found.tokens, found.ids, found.spans, strict=True) if b > a]


def test_strawberry_is_one_token_and_a_lost_letter_makes_it_two():
    assert cut("minilm", "strawberry") == cut("minilm", "STRAWBERRY") == [("strawberry", 16876)]
    assert [token for token, _ in cut("minilm", "strawbery")] == ["straw", "##bery"]
    assert 16876 not in [one for _, one in cut("minilm", "strawbery strawberries")]
    assert len(cut("minilm", "s t r a w b e r r y")) == 10
    assert len(load_tokeniser("minilm").vocabulary) == 30522


def test_chinese_characters_have_the_ids_of_the_prose():
    assert [one for _, one in cut("minilm", "\u68ee\u6797\u6728")] == [1882, 1881, 1875]


def test_meadow_has_so_many_words_and_spells_the_rest():
    vocabulary = load_tokeniser("meadow-gpt").vocabulary
    assert len(vocabulary) - 257 == 636
    assert [token for token, _ in cut("meadow-gpt", "strawberry")] == [" ", *"strawberry"]


def test_the_family_has_seven_code_points():
    for language in LANGUAGES:
        text = read("tokens", language).labels["units_examples"].split("|")[0]
        family = steps.in_units(text)["graphemes"].tokens[-1]
        assert len(family) == 7 and family.count("\u200d") == 3


def test_the_english_merges_come_as_told():
    text = read("tokens", "en").labels["merges_default"]
    rounds = merging.merging(text, "characters").rounds
    made = [one.made for one in rounds]
    assert made[0] == "al" and made.index("al") < made.index("ke") < made.index("king") < made.index("kers")
    assert rounds[0].count > rounds[0].rivals[1][1], "no tie: the prediction has one right answer"
    assert len(re.findall(r"\bthe\b", text)) == 8
    assert {" walkers", " talkers", " night"} <= set(made[-20:])


def test_the_chinese_merges_come_as_told():
    labels = read("tokens", "zh").labels
    text = labels["merges_default"]
    rounds = merging.merging(text, "characters").rounds
    assert [(one.made, one.count) for one in rounds[:3]] == [
        ("\u5b66\u751f", 12), ("\u5b66\u4e60", 6), ("\u8001\u5e08", 6)
    ]  # fmt: skip
    assert {"\u5728\u5b66", "\u6821\u91cc", "\u5728\u5b66\u6821\u91cc"} <= {one.made for one in rounds}
    bpe = tokenise(training.learnt("bpe", text, 30), labels["three_default"]).tokens
    assert "\u5927 \u5b66\u751f\u5b66\u4e60" in " ".join(bpe)
    unigram = tokenise(training.learnt("unigram", text, 30), labels["three_default"]).tokens
    assert "\u5b66\u751f\u5b66\u4e60" not in unigram


def test_what_the_sentence_costs():
    sentences = {one.language: one.text for one in steps.sentences()}
    assert [len(cut("meadow-gpt", sentences[name])) for name in ("en", "th")] == [17, 100]
    assert [token for token, _ in cut("minilm", sentences["th"])] == ["[UNK]"]


def test_new_ids_alone_make_nonsense_and_with_their_rows_nothing_changes(meadow):
    run = trace(meadow, lesson.FACT)
    along, stay = (permuting.permuted(meadow, run, rows_too) for rows_too in (True, False))
    assert permuting.largest_difference(run, along) < 1e-6
    probs = next_token_distribution(stay.logits[-1])
    assert probs[meadow.vocabulary.index(" Paris")] < 0.01
    assert not set(stay.rows_read) & set(run.tokens)


def test_the_ids_of_the_quiz():
    assert [one for _, one in cut("meadow-gpt", "cat dog")] == [465, 511]
    assert [one for _, one in cut("minilm", "cat dog")] == [4937, 3899]


def test_the_task_can_be_solved_with_one_capital_letter(meadow):
    goal = next(check.goal for check in checks("tokens", "en") if check.goal)

    def expected(text: str) -> dict[str, float]:
        probs = next_token_distribution(trace(meadow, text).logits[-1])
        return {token.strip(): probability for token, probability, _ in top(probs, meadow.vocabulary, 5)}

    assert expected(goal.start).get(goal.word, 0) < 0.01
    assert expected(goal.start.replace("france", "France"))[goal.word] > 0.9
