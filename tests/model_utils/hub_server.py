"""A small stand-in for the Hugging Face hub on 127.0.0.1: the few addresses that fetching a model asks for."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

MAIN, OFFERED = "a" * 40, "b" * 40  # commits
OFFER = {
    "num": 3,
    "title": "Adding `safetensors` variant of this model",
    "status": "open",
    "isPullRequest": True,
    "author": {"name": "SFconvertbot"},
    "createdAt": "2023-05-01T00:00:00.000Z",
}
Answer = tuple[int, dict[str, str]]  # a status and headers, for repositories that refuse


@contextmanager
def hub(repositories: Mapping[str, Path | Answer]) -> Iterator[tuple[str, list[str]]]:
    """Serve folders as repositories; yields the address and the list of requests made so far.

    A folder named "repository@refs/pr/3" is what the hub's conversion bot offers for that repository.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers, body = answer(repositories, self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_: Any) -> None:
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def answer(repositories: Mapping[str, Path | Answer], path: str) -> tuple[int, dict[str, str], bytes]:
    """What the hub says to one request."""
    path = path.partition("?")[0]
    name = "/".join(path.removeprefix("/api/models").strip("/").split("/")[:2])
    offer = f"{name}@refs/pr/3"
    commit = OFFERED if "refs%2Fpr%2F3" in path or OFFERED in path else MAIN
    there = repositories.get(offer if commit == OFFERED else name)
    if there is None:
        return 404, {"X-Error-Code": "RepoNotFound", "Content-Length": "0"}, b""
    if isinstance(there, tuple):
        return there[0], there[1] | {"Content-Length": "0"}, b""
    if path.startswith("/api/models/") and path.endswith("/discussions"):
        offers = [OFFER | {"repo": {"name": name, "type": "model"}}] if offer in repositories else []
        return _sent(json.dumps({"discussions": offers, "count": len(offers), "start": 0}).encode(), {})
    if path.startswith("/api/models/"):
        files = [{"rfilename": f.name, "size": f.stat().st_size} for f in sorted(there.iterdir())]
        return _sent(json.dumps({"id": name, "modelId": name, "sha": commit, "siblings": files}).encode(), {})
    file = there / path.rpartition("/")[2]
    if not file.exists():
        return 404, {"X-Error-Code": "EntryNotFound", "Content-Length": "0"}, b""
    content = file.read_bytes()
    return _sent(content, {"X-Repo-Commit": commit, "ETag": f'"{hashlib.sha256(content).hexdigest()}"'})


def _sent(body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    return 200, headers | {"Content-Length": str(len(body))}, body
