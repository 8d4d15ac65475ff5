"""The course as it is served: app.py with security headers, a list of hosts, readiness and warm-up around it.

`python asgi.py` starts it on CLEARHEAD_ADDRESS (127.0.0.1) and CLEARHEAD_PORT (8501). With CLEARHEAD_SERVE=1 it is for
a class: nobody is let in before the models are loaded. CLEARHEAD_HOSTS adds hosts that may be asked for, separated by
commas, to those of this machine.
"""

import asyncio
import ipaddress
import logging
import os
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st
import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lessons import LANGUAGES, ui_text

LOG = logging.getLogger(__name__)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?", re.ASCII)
MOST_BODY = 2_000_000  # bytes of a request; the course uploads nothing
MOST_QUERY = 32_000  # bytes of a query string: every text of a page in Chinese, percent-encoded, and room to spare
LONGEST_VALUE = 1_500  # characters of one value that are left of a longer query; the pages cut further, and say so
MOST_HEAD = 4_000_000  # bytes of a request line and headers that are read at all, so that a long link can be answered
ROOT = b"<script>window.__streamlit={BACKEND_BASE_URL:origin+'/',MAIN_PAGE_BASE_URL:origin+'/'}</script>"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_policy(host: str) -> str:
    """What a page may load and run: itself, and nothing of any other host.

    Scripts may be inline, because Streamlit's page has one and BertViz's frames inherit this policy; they may come
    from blobs, because that is how Streamlit starts a component. Not one of them can reach another host.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' ws://{host} wss://{host} data: blob:" if host else "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def serving() -> bool:
    """Whether this process serves a class."""
    return os.environ.get("CLEARHEAD_SERVE") == "1"


def named_hosts() -> frozenset[str]:
    """The hosts in CLEARHEAD_HOSTS, in lower case."""
    return frozenset(name.strip().lower() for name in os.environ.get("CLEARHEAD_HOSTS", "").split(",") if name.strip())


def host_name(host: str) -> str:
    """The name or address in a Host header, in lower case; "" when the header is anything but `name` or `name:port`."""
    return urlsplit(f"//{host}").hostname or "" if HOST.fullmatch(host) else ""


def host_allowed(host: str, named: frozenset[str], for_class: bool) -> bool:
    """Whether a Host header is ours: loopback, one of `named`, or for a class this machine by its name or any address.

    A page of the web can point its own name at this machine (DNS rebinding), but the browser then sends that name.
    """
    name = host_name(host)
    if name in LOOPBACK | named:
        return True
    return for_class and (name == socket.gethostname().lower() or _is_address(name))


def cut_query(query: str) -> str:
    """A query string with every name and value cut to what a page would read of it, and no more of them than fit."""
    pairs = [(name[:LONGEST_VALUE], value[:LONGEST_VALUE]) for name, value in parse_qsl(query, keep_blank_values=True)]
    while len(urlencode(pairs)) > MOST_QUERY:
        pairs = pairs[: len(pairs) // 2]
    return urlencode(pairs)


def guarded(inner: ASGIApp) -> ASGIApp:
    """For pages and WebSocket alike: foreign hosts refused, huge requests cut, security headers on every answer."""

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await inner(scope, receive, send)
        asked = Headers(scope=scope)
        foreign = not host_allowed(asked.get("host", ""), named_hosts(), serving())
        secure = HEADERS | {"Content-Security-Policy": content_policy("" if foreign else asked["host"])}

        async def send_secured(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message).update(secure)
            await send(message)

        answer: ASGIApp = inner
        if foreign:
            answer = PlainTextResponse(_both("running.foreign"), 400)
        elif int(asked.get("content-length") or 0) > MOST_BODY:
            answer = PlainTextResponse(_both("running.too_large"), 413)
        elif len(scope["query_string"]) > MOST_QUERY:
            path = "/" + scope["path"].lstrip("/")  # "//name/" would lead to another host
            answer = RedirectResponse(f"{path}?{cut_query(scope['query_string'].decode('latin-1'))}")
        await answer(scope, receive, send_secured)

    return outer


def rooted(inner: ASGIApp) -> ASGIApp:
    """Tell every page where the app is. Below a deep link Streamlit would look for it there first, twice in vain."""

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            return await inner(scope, receive, send)
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await inner({**scope, "headers": plain}, receive, _with_root(send))

    return outer


def _with_root(send: Send) -> Send:
    """Holds an HTML page until all of it is there, and sends it with ROOT at the top of its head."""
    held: list[Message] = []

    async def send_whole(message: Message) -> None:
        if message["type"] == "http.response.start" and "text/html" in Headers(raw=message["headers"]).get(
            "content-type", ""
        ):
            held.append(message)
        elif not held or message["type"] != "http.response.body":
            await send(message)
        else:
            held.append(message)
            if not message.get("more_body"):
                page = b"".join(part.get("body", b"") for part in held[1:]).replace(b"<head>", b"<head>" + ROOT, 1)
                MutableHeaders(scope=held[0])["content-length"] = str(len(page))
                await send(held[0])
                await send({"type": "http.response.body", "body": page})

    return send_whole


def patient(inner: ASGIApp) -> ASGIApp:
    """Until the warm-up is over, answer every page with a line that loads the page again by itself."""

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or ready() or scope["path"] in ("/livez", "/readyz"):
            return await inner(scope, receive, send)
        wait = PlainTextResponse(_both("running.warming"), 503, {"Retry-After": "2", "Refresh": "2"})
        await wait(scope, receive, send)

    return outer


def ready() -> bool:
    """Whether learners are let in."""
    warmed = app.state.get("warmed")
    return warmed is not None and warmed.is_set()


async def readyz(request: Request) -> PlainTextResponse:
    """200 once learners are let in, 503 before."""
    return PlainTextResponse("ready" if ready() else "warming up", 200 if ready() else 503)


async def livez(request: Request) -> PlainTextResponse:
    """200 as long as the process answers at all."""
    return PlainTextResponse("alive")


def prepare() -> None:
    """What every page draws with, and what Streamlit would make at the first page: before anybody waits, in one thread.

    Streamlit's pattern of all emoji takes a fifth of a second to compile, and its page icon brings Pillow along.
    """
    for module in ("pages.ui", "PIL.Image", "streamlit.material_icon_names"):
        import_module(module)
    import_module("streamlit.string_util").extract_leading_emoji("-")


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, asyncio.Event]]:
    """Warm up beside the server when it serves a class. Alone on one's machine the first page comes first: importing
    torch beside it would hold it up by seconds, so there the first forward pass pays.
    """
    prepare()
    logging.getLogger("uvicorn.access").disabled = True  # a link holds what a learner wrote: that is nobody's business
    warmed = asyncio.Event()
    warming = asyncio.create_task(_warm(warmed.set)) if serving() else None
    if warming is None:
        warmed.set()
    yield {"warmed": warmed}
    if warming is not None:
        warming.cancel()


async def _warm(done: Callable[[], None]) -> None:
    from pages.ui.running import warm

    try:
        await asyncio.to_thread(warm)
    except Exception:
        LOG.exception("The warm-up failed; /readyz stays at 503")
    else:
        done()


def _both(key: str) -> str:
    """A text of the interface in every language: no language is known before there is a page."""
    return "\n".join(ui_text(language)[key] for language in LANGUAGES)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


app = st.App(
    "app.py",
    lifespan=lifespan,
    middleware=[Middleware(guarded), Middleware(patient), Middleware(rooted)],
    routes=[Route("/readyz", readyz), Route("/livez", livez)],
)

if __name__ == "__main__":
    address = os.environ.get("CLEARHEAD_ADDRESS", "127.0.0.1")
    if address not in LOOPBACK:
        os.environ["CLEARHEAD_NETWORK"] = "1"  # learners on the network may not open this machine's folders
    uvicorn.run(
        app,
        host=address,
        port=int(os.environ.get("CLEARHEAD_PORT", "8501")),
        http="h11",
        ws="websockets-sansio",
        ws_max_size=MOST_BODY,
        ws_per_message_deflate=False,  # packing a figure takes longer than a classroom's network does to carry it
        h11_max_incomplete_event_size=MOST_HEAD,
        access_log=False,
    )
