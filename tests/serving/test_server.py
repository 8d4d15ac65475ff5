"""The real server in a process of its own, asked over the network as a browser would."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

import asgi

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLEARHEAD")}
    command = [sys.executable, "asgi.py"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment | {"CLEARHEAD_PORT": str(number)})
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and server.poll() is None:
            try:
                asked(number, "/livez")
                break
            except urllib.error.URLError:
                time.sleep(0.2)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def asked(port, path, host=None):
    """(status, headers, body) of one request."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()


@pytest.mark.parametrize(
    "path", ["/", "/attention?lang=zh", "/readyz", "/_stcore/health", "/_stcore/nowhere", "/a%00b"]
)
def test_headers_stand_on_every_answer(port, path):
    _, headers, _ = asked(port, path)
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_it_is_ready_and_alive(port):
    assert (asked(port, "/readyz")[0], asked(port, "/livez")[0]) == (200, 200)


def test_a_link_of_a_megabyte_opens_the_page(port):
    status, _, body = asked(port, "/attention?lang=zh&attention.weights_text=" + "a" * 1_000_000)
    assert status == 200
    assert b'<div id="root">' in body


def test_a_deep_link_is_told_where_the_app_is(port):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/attention", headers={"Accept": "text/html", "Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        body = answer.read()
    assert body.count(asgi.ROOT) == 1 and body.index(asgi.ROOT) < body.index(b"<script type")
    assert int(answer.headers["Content-Length"]) == len(body) and "Content-Encoding" not in answer.headers


def test_a_foreign_host_gets_nothing(port):
    status, _, body = asked(port, "/", host="evil.example")
    assert status == 400
    assert b"root" not in body


def test_the_websocket_opens_for_us_and_for_nobody_else(port):
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], origin=f"http://127.0.0.1:{port}"):
        pass
    rebound = socket.create_connection(("127.0.0.1", port))
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://evil.example:{port}/_stcore/stream", sock=rebound):
        pass
    assert refused.value.response.status_code == 400
    with pytest.raises(InvalidStatus), connect(address, origin="http://evil.example"):
        pass


def test_a_text_of_three_megabytes_ends_its_own_connection_only(port):
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"]) as socket_of_one:
        with pytest.raises(ConnectionClosed):  # while it still sends, or when it listens for the answer
            socket_of_one.send(b"\x00" * 3_000_000)
            for _ in range(50):
                socket_of_one.recv(timeout=5)
        assert socket_of_one.close_code in (1009, 1006)  # too big; or cut off before the reason arrived
    assert asked(port, "/livez")[0] == 200
