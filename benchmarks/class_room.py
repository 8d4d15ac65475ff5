"""Sixty students on the attention lesson against the same sixty on a trivial app."""

import json
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.report import Row, Table, percentile
from benchmarks.servers import ROOT, Server, course, floor, memory

STUDENTS = 60
OPEN = (
    "lang=en&attention.look_text=The+cats+near+the+house+are"  # a link that opens the first demo without a prediction
)


def measure() -> Table:
    """Seconds a student waits, and memory a session, for both apps one after the other."""
    with course(8621, for_class=True) as server:
        ours = _lesson(server, "attention", "attention.look_text", OPEN)
    with floor("one_heatmap", 8622) as server:
        theirs = _lesson(server, "", "floor.text")
    rows = [
        Row(
            f"answer to a new sentence, p{p}",
            *(percentile(seen["answers"], p) * 1000 for seen in (ours, theirs)),
            "ms",
            bar,
        )
        for p, bar in ((50, None), (95, 2.0))
    ]
    rows.append(Row("first page, p95", *(percentile(seen["first"], 95) * 1000 for seen in (ours, theirs)), "ms"))
    rows.append(Row("memory a session", ours["memory"], theirs["memory"], "MB"))
    rows.append(Row("received a student", *(seen["received"] / STUDENTS / 1e6 for seen in (ours, theirs)), "MB"))
    rows.append(Row("answers given", len(ours["answers"]), len(theirs["answers"]), ""))
    rows.append(Row("errors shown", ours["errors"], None, "", 0))
    note = (
        f"{STUDENTS} students come in over 30 s and each types a new sentence every 15 s on average, for 45 s: on the "
        "attention lesson (the model really runs), and on an app of one text box and one random heatmap. A process of"
        " its own plays them, over WebSockets, on the same cores."
    )
    return Table("class_room", "A full class", note, tuple(rows))


def _lesson(server: Server, page: str, key: str, query: str = "") -> dict:
    before = memory(server)
    seen = play(server, page, key, query, (f"--students={STUDENTS}",))
    return seen | {"memory": (memory(server) - before) / STUDENTS}


def play(server: Server, page: str, key: str, query: str, more: Sequence[str]) -> dict:
    """What the students of a process of their own noted; `more` are options of benchmarks.students."""
    asked = (f"--port={server.port}", f"--page={page}", f"--key={key}", f"--query={query}", *more)
    command = [sys.executable, "-m", "benchmarks.students", *asked]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    if played.returncode:
        raise RuntimeError(played.stderr)
    seen = json.loads(played.stdout)
    if seen["with_widget"] < len(seen["first"]):
        raise RuntimeError(f"Only {seen['with_widget']} of {len(seen['first'])} students found the text box {key}")
    return seen
