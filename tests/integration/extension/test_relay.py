"""The relay in a real Jupyter server: who may use it, what it passes on, and what it says."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from nbjudge_course.wire import Refusal, decode_json
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

LAB_TOKEN = "the-servers-token"
SERVICE_TOKEN = "the-students-secret"
ID = "0123456789abcdef" * 2
KNOWN = {"Authorization": f"token {LAB_TOKEN}"}
ROUTES = [
    ("GET", "submissions"),
    ("POST", "submissions"),
    ("GET", f"submissions/{ID}"),
    ("DELETE", f"submissions/{ID}"),
    ("GET", "problems"),
    ("GET", "problems/two-sum"),
    ("PUT", "problems/two-sum"),
    ("GET", "anything/else"),
    ("POST", "anything/else"),
]
opened: list[WebSocketClientConnection] = []
NEW = json.dumps({"id": ID, "problem": "two-sum", "source": "x = 1"})


@pytest.fixture(autouse=True)
async def _closed_sockets() -> AsyncIterator[None]:
    yield
    while opened:
        opened.pop().close()


async def ask(
    url: str, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> HTTPResponse:
    if body is None and method in {"POST", "PUT"}:
        body = "{}"
    request = HTTPRequest(
        f"{url}nbjudge/api/{path}",
        method=method,
        headers=headers,
        body=body,
        follow_redirects=False,
    )
    return await AsyncHTTPClient().fetch(request, raise_error=False)


async def connect(
    url: str, headers: dict[str, str], query: str = "revision=3"
) -> WebSocketClientConnection:
    address = "ws" + url.removeprefix("http") + f"nbjudge/api/live?{query}"
    socket = await websocket_connect(HTTPRequest(address, headers=headers))
    opened.append(socket)
    return socket


async def log_in(url: str) -> str:
    """Return the cookies of a browser that opened the server's address with its token."""
    request = HTTPRequest(f"{url}tree?token={LAB_TOKEN}", follow_redirects=False)
    answer = await AsyncHTTPClient().fetch(request, raise_error=False)
    cookies = "; ".join(one.split(";")[0] for one in answer.headers.get_list("Set-Cookie"))
    assert "username-" in cookies
    return cookies


async def heard(socket: WebSocketClientConnection) -> Any:
    message: Awaitable[Any] = socket.read_message()
    return await asyncio.wait_for(message, 10)


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_no_route_answers_who_is_not_known(server, service, method, path) -> None:
    answer = await ask(server, method, path, {})
    assert answer.code in {302, 403}
    assert service.requests == []


async def test_the_websocket_opens_for_nobody_unknown(server, service) -> None:
    with pytest.raises(HTTPClientError) as refused:
        await connect(server, {})
    assert refused.value.code == 403
    assert service.requests == []


async def test_the_websocket_opens_for_no_other_site(server, service) -> None:
    cookies = await log_in(server)
    own = await connect(server, {"Cookie": cookies, "Origin": server.split("/user")[0]})
    assert json.loads(await heard(own))["type"] == "hello"
    own.close()
    service.requests.clear()
    with pytest.raises(HTTPClientError) as refused:
        await connect(server, {"Cookie": cookies, "Origin": "http://elsewhere.example"})
    assert refused.value.code == 403
    assert service.requests == []


async def test_a_cookie_alone_may_not_post(server, service) -> None:
    cookies = await log_in(server)
    seen = await ask(server, "GET", "problems", {"Cookie": cookies})
    assert seen.code == 404  # it is a known user who asks
    service.requests.clear()
    answer = await ask(server, "POST", "submissions", {"Cookie": cookies}, NEW)
    assert answer.code == 403
    assert service.requests == []


async def test_a_submission_is_passed_on_in_the_students_name(server, service) -> None:
    headers = {**KNOWN, "Cookie": "_xsrf=abc; secret=1", "X-Anything": "1"}
    answer = await ask(server, "POST", "submissions", headers, NEW)
    assert answer.code == 202
    assert json.loads(answer.body)["id"] == ID
    (request,) = service.requests
    assert request.headers["Authorization"] == f"token {SERVICE_TOKEN}"
    assert "Cookie" not in request.headers
    assert "X-Anything" not in request.headers
    assert request.body.decode() == NEW


async def test_a_query_is_passed_on_without_the_servers_token(server, service) -> None:
    service.answers["GET /api/submissions"] = (200, {"submissions": []}, "application/json")
    path = f"submissions?problem=two-sum&limit=1&token={LAB_TOKEN}"
    answer = await ask(server, "GET", path, {})
    assert answer.code == 200
    assert service.requests[0].query == "problem=two-sum&limit=1"


@pytest.mark.parametrize(("method", "path"), ROUTES[2:7])
async def test_every_route_is_passed_on(server, service, method, path) -> None:
    service.answers[f"{method} /api/{path}"] = (200, {"ok": path}, "application/json")
    answer = await ask(server, method, path, KNOWN)
    assert json.loads(answer.body) == {"ok": path}


@pytest.mark.parametrize("path", ["dead", f"submissions/{ID}/retry", "problems/..", "openapi.json"])
async def test_other_paths_of_the_service_are_not_reached(server, service, path) -> None:
    answer = await ask(server, "GET", path, KNOWN)
    assert answer.code == 404
    assert decode_json(answer.body, Refusal).reason == "not_found"
    assert service.requests == []


async def test_a_refusal_of_the_service_reaches_the_student(server, service) -> None:
    refusal = {"reason": "too_fast", "message": "wait a little", "retry_after_seconds": 3.0}
    service.answers["POST /api/submissions"] = (429, refusal, "application/json")
    answer = await ask(server, "POST", "submissions", KNOWN, NEW)
    assert answer.code == 429
    assert json.loads(answer.body) == refusal


async def test_a_page_of_something_else_never_reaches_the_browser(server, service) -> None:
    page = "<script>alert(1)</script>"
    service.answers["GET /api/problems"] = (200, page, "text/html")
    answer = await ask(server, "GET", "problems", KNOWN)
    assert answer.code == 503
    assert "script" not in answer.body.decode()
    assert decode_json(answer.body, Refusal).reason == "service_unavailable"


async def test_a_service_that_is_down_is_told_and_used_again_when_it_is_back(
    server, service
) -> None:
    service.stop()
    try:
        answer = await ask(server, "POST", "submissions", KNOWN, NEW)
        assert answer.code == 503
        assert decode_json(answer.body, Refusal).reason == "service_unavailable"
        socket = await connect(server, KNOWN)
        assert await heard(socket) is None
        assert socket.close_code == 1013
    finally:
        service.start()
    answer = await ask(server, "POST", "submissions", KNOWN, NEW)
    assert answer.code == 202


async def test_without_settings_it_says_what_to_set(bare_server) -> None:
    answer = await ask(bare_server, "GET", "submissions", KNOWN)
    assert answer.code == 503
    refusal = decode_json(answer.body, Refusal)
    assert refusal.message == "nbjudge is not set up: set NBJUDGE_SERVICE_URL"


async def test_frames_of_the_service_reach_the_browser(server, service) -> None:
    socket = await connect(server, KNOWN)
    assert json.loads(await heard(socket))["type"] == "hello"
    service.send({"type": "problem", "problem": "two-sum", "version": "v"})
    assert json.loads(await heard(socket))["version"] == "v"
    assert service.requests[0].query == "revision=3"
    socket.close()


async def test_a_service_that_drops_the_connection_makes_the_browser_come_back(
    server, service
) -> None:
    socket = await connect(server, KNOWN)
    await heard(socket)
    service.cut()
    assert await heard(socket) is None
    assert socket.close_code == 1012


async def test_a_browser_that_leaves_is_let_go_at_the_service(server, service) -> None:
    socket = await connect(server, KNOWN)
    await heard(socket)
    assert len(service.sockets) == 1
    socket.close()
    async with asyncio.timeout(10):
        while service.sockets:
            await asyncio.sleep(0.02)
    assert service.sockets == []


async def test_a_browser_that_says_too_much_is_closed(server, service) -> None:
    socket = await connect(server, KNOWN)
    await heard(socket)
    await socket.write_message("x" * 100_000)
    assert await heard(socket) is None
    assert socket.close_code is None or socket.close_code in {1006, 1009}


async def test_no_answer_holds_a_secret(server, service) -> None:
    for method, path in ROUTES:
        answer = await ask(server, method, path, KNOWN)
        assert SERVICE_TOKEN not in answer.body.decode()
        assert SERVICE_TOKEN not in str(answer.headers)
