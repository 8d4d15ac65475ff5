"""Every lesson: from a new sentence to the answer, against a trivial app, and what a page weighs."""

from urllib.parse import urlencode

from benchmarks.class_room import play
from benchmarks.report import Row, Table, percentile
from benchmarks.servers import Server, course, floor
from lessons import checks, discover

STUDENTS = 4
CALM = (f"--students={STUDENTS}", "--arrive=4", "--every=4", "--seconds=24")
NOTE = (
    f"{STUDENTS} students open a lesson with all its demos, and each types a new sentence every 4 s on average into "
    "its first demo, for 24 s (the model really runs); the floor is the same on an app of one text box and one random "
    "heatmap. Sent: all that a student's first page brought over the WebSocket, figures and code included."
)


def measure() -> Table:
    """ms a sentence, seconds and MB a page, lesson by lesson."""
    with floor("one_heatmap", 8632) as server:
        trivial = play(server, "", "floor.text", "", CALM)
    rows = []
    with course(8631, for_class=True) as server:
        for slug in discover():
            rows += _rows(slug, _lesson(server, slug), trivial)
    return Table("lessons", "Every lesson", NOTE, tuple(rows))


def _lesson(server: Server, slug: str) -> dict:
    open_all = {f"{slug}.{check.demo}": "1" for check in checks(slug, "en") if check.demo}
    return play(server, slug, "_text", urlencode({"lang": "en"} | open_all), CALM)


def _rows(slug: str, ours: dict, trivial: dict) -> list[Row]:
    answers, floors = (percentile(seen["answers"], 50) * 1000 for seen in (ours, trivial))
    return [
        Row(f"{slug}: answer to a new sentence, p50", answers, floors, "ms", 2.0),
        Row(f"{slug}: first page, p50", percentile(ours["first"], 50), percentile(trivial["first"], 50), "s"),
        Row(f"{slug}: first page, sent", max(ours["first_bytes"]) / 1e6, None, "MB"),
        Row(f"{slug}: errors shown", ours["errors"], None, "", 0),
    ]
