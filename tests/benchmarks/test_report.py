"""The tables that benchmarks write: ratios, bars, and a file in which each program has its own place."""

import pytest

from benchmarks import report
from benchmarks.report import Row, Table, keep, markdown, percentile
from benchmarks.servers import FLOORS
from benchmarks.students import Notes, request


def table(name: str, ours: float) -> Table:
    return Table(name, f"Title of {name}", "What was done.", (Row("a step", ours, 10.0, "ms", 1.3),))


@pytest.mark.parametrize(
    ("row", "ratio", "held"),
    [
        (Row("", 13.0, 10.0, "ms", 1.3), 1.3, True),
        (Row("", 13.1, 10.0, "ms", 1.3), 1.31, False),
        (Row("", 19.0, None, "ms", 20), None, True),
        (Row("", 21.0, None, "ms", 20), None, False),
        (Row("", 21.0, 1.0, "ms"), 21.0, None),
        (Row("", 0, None, "", 0), None, True),
    ],
)
def test_a_bar_is_for_the_ratio_or_for_the_value_where_there_is_no_floor(row, ratio, held):
    assert row.ratio == (None if ratio is None else pytest.approx(ratio))
    assert row.held is held


def test_percentiles_are_those_of_the_values():
    assert percentile(range(101), 95) == 95
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0


def test_each_program_has_its_own_place_in_the_results(monkeypatch, tmp_path):
    monkeypatch.setattr(report, "RESULTS", tmp_path / "RESULTS.md")
    for name, ours in (("one", 11.0), ("two", 12.0), ("one", 20.0)):
        keep(table(name, ours))
    text = report.RESULTS.read_text("utf-8")
    assert text.count("## Title of one") == 1
    assert "2.00" in text and "1.10" not in text, "the newer run takes the place of the older"
    assert text.index("Title of one") < text.index("Title of two")
    assert "**missed**" in text and "| held |" in text
    assert markdown(table("two", 12.0)) in text


def test_every_floor_is_a_page_of_its_own():
    assert {path.stem for path in FLOORS.glob("*.py")} == {"empty", "one_heatmap", "maps"}


def test_a_student_speaks_streamlits_protocol():
    from streamlit.proto.BackMsg_pb2 import BackMsg

    opening = BackMsg.FromString(request(Notes(), "attention", None)).rerun_script
    assert (opening.page_name, opening.fragment_id, len(opening.widget_states.widgets)) == ("attention", "", 0)
    typing = BackMsg.FromString(
        request(Notes(widget="id", fragment="f", page="hash"), "attention", "hello")
    ).rerun_script
    assert (typing.page_script_hash, typing.fragment_id) == ("hash", "f")
    assert [(one.id, one.string_value) for one in typing.widget_states.widgets] == [("id", "hello")]
