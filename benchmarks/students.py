"""Students without browsers: they speak Streamlit's own protocol over WebSockets and note how long each answer takes.

`python -m benchmarks.students` is a process of its own, so that the load does not share the server's interpreter. It
talks to this machine only, with a fixed number of students, for a fixed time.
"""

import argparse
import asyncio
import json
import random
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

ANIMALS = ("dogs", "cats", "birds", "horses", "cows", "foxes", "rabbits", "sheep", "ducks", "mice")
PLACES = ("tree", "river", "house", "garden", "bridge", "hill", "school", "market", "forest", "lake")
MOST_STUDENTS, MOST_SECONDS = 100, 120
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Notes:
    """What one student saw: seconds to the first page and to each answer after it, bytes, errors shown."""

    first: float = 0.0
    answers: list[float] = field(default_factory=list)
    received: int = 0
    first_bytes: int = 0
    errors: int = 0
    widget: str = ""
    fragment: str = ""
    page: str = ""


def request(notes: Notes, page: str, text: str | None, query: str = "") -> bytes:
    """A BackMsg: open the page, or give its text box a new text as the browser does."""
    message = BackMsg()
    state = message.rerun_script
    state.page_name, state.page_script_hash = ("" if notes.page else page), notes.page
    state.query_string = query
    if text is not None:
        state.fragment_id = notes.fragment
        widget = state.widget_states.widgets.add()
        widget.id, widget.string_value = notes.widget, text
    return message.SerializeToString()


async def run_to_its_end(socket: ClientConnection, notes: Notes, key: str) -> None:
    """Read messages until the script has finished, noting the first text box whose key ends in `key`."""
    async for raw in socket:
        notes.received += len(raw)
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            notes.page = message.new_session.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            notes.errors += element.WhichOneof("type") == "exception"
            if element.WhichOneof("type") in ("text_input", "text_area"):
                box = getattr(element, element.WhichOneof("type"))
                if box.id.endswith(key) and not notes.widget:
                    notes.widget, notes.fragment = box.id, message.delta.fragment_id
        elif kind == "script_finished" and message.script_finished in DONE:
            return


async def student(number: int, options: argparse.Namespace) -> Notes:
    """Come in, and once the page is there type a new sentence every few seconds until the time is over."""
    notes, chance = Notes(), random.Random(number)
    address = f"ws://127.0.0.1:{options.port}/_stcore/stream"
    await asyncio.sleep(options.arrive * number / options.students)
    async with connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None) as socket:
        begun = time.perf_counter()
        await socket.send(request(notes, options.page, None, options.query))
        await run_to_its_end(socket, notes, options.key)
        notes.first, notes.first_bytes = time.perf_counter() - begun, notes.received
        until = time.monotonic() + options.seconds
        while time.monotonic() < until and notes.widget:
            await asyncio.sleep(options.every * chance.uniform(0.5, 1.5))
            text = f"The {chance.choice(ANIMALS)} near the {chance.choice(PLACES)} are"
            begun = time.perf_counter()
            await socket.send(request(notes, options.page, text, options.query))
            await run_to_its_end(socket, notes, options.key)
            notes.answers.append(time.perf_counter() - begun)
    return notes


async def lesson(options: argparse.Namespace) -> dict[str, object]:
    """All students at once; returns what they noted, as plain values."""
    notes = await asyncio.gather(*(student(number, options) for number in range(options.students)))
    return {
        "first": [note.first for note in notes],
        "answers": [seconds for note in notes for seconds in note.answers],
        "first_bytes": [note.first_bytes for note in notes],
        "received": sum(note.received for note in notes),
        "errors": sum(note.errors for note in notes),
        "with_widget": sum(bool(note.widget) for note in notes),
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--page", default="", help="the page's name in the address")
    parser.add_argument("--query", default="", help="what stands after ? in the address")
    parser.add_argument("--key", required=True, help="the end of the key of the text box")
    parser.add_argument("--students", type=int, default=60, choices=range(1, MOST_STUDENTS + 1), metavar="N")
    parser.add_argument("--seconds", type=float, default=45)
    parser.add_argument("--arrive", type=float, default=30, help="seconds over which they come in")
    parser.add_argument("--every", type=float, default=15, help="mean seconds between two sentences of a student")
    options = parser.parse_args()
    options.seconds = min(options.seconds, MOST_SECONDS)
    return options


if __name__ == "__main__":
    print(json.dumps(asyncio.run(lesson(arguments()))))
