"""What stands around the pages: hosts, headers, sizes, readiness."""

import asyncio
import threading
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

import asgi

POLICY = "content-security-policy"


def answer(app, path="/", query=b"", host=b"127.0.0.1:8501", kind="http", headers=()):
    """The first message an ASGI app sends, with its headers as a mapping, and the body."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(b"host", host), *headers],
        "extensions": {"websocket.http.response": {}},
    }
    asyncio.run(app(scope, receive, send))
    named = {name.decode(): value.decode() for name, value in sent[0].get("headers", ())}
    return sent[0], named, b"".join(message.get("body", b"") for message in sent[1:]).decode()


async def page(scope, receive, send):
    """Stands for Streamlit."""
    kind = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
    await send({"type": kind, "status": 200, "headers": []})


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("LOCALHOST:8501", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("course.example.org", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("192.168.1.7:8501", False),
        ("", False),
        ("127.0.0.1; script-src *", False),
        ("user@localhost", False),
        ("localhost/path", False),
        ("[::1", False),
    ],
)
def test_hosts_alone_on_one_machine(host, allowed):
    assert asgi.host_allowed(host, frozenset({"course.example.org"}), for_class=False) is allowed


@pytest.mark.parametrize(
    ("host", "allowed"), [("192.168.1.7:8501", True), ("[fe80::1]", True), ("evil.example", False)]
)
def test_a_class_may_come_by_any_address_but_not_by_any_name(host, allowed):
    assert asgi.host_allowed(host, frozenset(), for_class=True) is allowed


def test_hosts_are_named_in_the_environment(monkeypatch):
    monkeypatch.setenv("CLEARHEAD_HOSTS", " Course.Example.org,other ,")
    assert asgi.named_hosts() == {"course.example.org", "other"}


@pytest.mark.parametrize(
    ("kind", "refused"), [("http", "http.response.start"), ("websocket", "websocket.http.response.start")]
)
def test_a_foreign_host_is_refused_on_both_protocols(kind, refused):
    message, headers, body = answer(asgi.guarded(page), host=b"evil.example", kind=kind)
    assert (message["type"], message["status"]) == (refused, 400)
    assert "evil.example" not in str(headers)
    assert "网址" in body


def test_our_own_host_passes_on_both_protocols():
    assert answer(asgi.guarded(page))[0]["status"] == 200
    assert answer(asgi.guarded(page), kind="websocket")[0]["type"] == "websocket.accept"


def test_every_answer_has_the_headers():
    for query, host in ((b"", b"127.0.0.1:8501"), (b"a" * 100_000, b"localhost"), (b"", b"evil.example")):
        _, headers, _ = answer(asgi.guarded(page), query=query, host=host)
        assert {name.lower() for name in asgi.HEADERS} <= set(headers)
        assert "frame-ancestors 'self'" in headers[POLICY]
        assert "http:" not in headers[POLICY].replace("https:", "http:"), "no other host may be reached"
        assert "*" not in headers[POLICY]
        assert "unsafe-eval" not in headers[POLICY]


def test_a_page_may_open_its_own_websocket():
    _, headers, _ = answer(asgi.guarded(page), host=b"localhost:8613")
    assert "ws://localhost:8613" in headers[POLICY]


def test_a_long_link_is_cut_not_refused():
    query = f"lang=zh&attention.weights_text={quote('你' * 330_000)}".encode()
    message, headers, _ = answer(asgi.guarded(page), path="/attention", query=query)
    path, _, rest = headers["location"].partition("?")
    assert (message["status"], path) == (307, "/attention")
    assert dict(parse_qsl(rest))["lang"] == "zh"
    assert dict(parse_qsl(rest))["attention.weights_text"] == "你" * asgi.LONGEST_VALUE
    assert len(rest) <= asgi.MOST_QUERY, "the cut link is not cut again"


@pytest.mark.parametrize("path", ["//example.invalid/", "///example.invalid/", "//"])
def test_a_cut_link_never_leads_to_another_host(path):
    _, headers, _ = answer(asgi.guarded(page), path=path, query=b"x=" + b"y" * asgi.MOST_QUERY)
    location = urlsplit(headers["location"])
    assert (location.scheme, location.netloc) == ("", "")


def test_a_link_of_very_many_parts_is_cut_too():
    cut = asgi.cut_query("&".join(f"name{number}=1" for number in range(80_000)))
    assert 0 < len(cut) <= asgi.MOST_QUERY


def test_a_huge_request_is_refused():
    size = str(asgi.MOST_BODY + 1).encode()
    assert answer(asgi.guarded(page), headers=[(b"content-length", size)])[0]["status"] == 413


def test_readiness_follows_the_warm_up(monkeypatch):
    monkeypatch.setenv("CLEARHEAD_SERVE", "1")
    monkeypatch.setattr("asgi.app._state", {})
    assert asyncio.run(_seen_while_warming(monkeypatch, fails=False)) == [(False, False), (True, True)]


def test_a_failed_warm_up_is_never_ready(monkeypatch, caplog):
    monkeypatch.setenv("CLEARHEAD_SERVE", "1")
    monkeypatch.setattr("asgi.app._state", {})
    assert asyncio.run(_seen_while_warming(monkeypatch, fails=True)) == [(False, False), (False, False)]
    assert "warm-up failed" in caplog.text


def test_alone_nothing_is_warmed_and_the_first_page_comes_at_once(monkeypatch):
    monkeypatch.delenv("CLEARHEAD_SERVE", raising=False)
    monkeypatch.setattr("asgi.app._state", {})
    monkeypatch.setattr("pages.ui.running.warm", lambda: pytest.fail("warmed up"))

    async def start():
        async with asgi.lifespan(asgi.app) as state:
            asgi.app._state.update(state)
            return asgi.ready()

    assert asyncio.run(start())


async def _seen_while_warming(monkeypatch, fails):
    """(ready, let in) before and after the warm-up has ended."""
    go, ended = threading.Event(), threading.Event()

    def warm():
        go.wait(5)
        ended.set()
        if fails:
            raise RuntimeError("no model")

    async def let_in():
        sent = []

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/attention", "headers": []}
        await asgi.patient(page)(scope, None, send)
        return sent[0]["status"] == 200

    monkeypatch.setattr("pages.ui.running.warm", warm)
    async with asgi.lifespan(asgi.app) as state:
        asgi.app._state.update(state)
        before = ((await asgi.readyz(None)).status_code == 200, await let_in())
        go.set()
        while not ended.is_set():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        return [before, ((await asgi.readyz(None)).status_code == 200, await let_in())]
