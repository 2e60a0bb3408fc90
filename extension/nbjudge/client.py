"""Submitting from a kernel: posts to the service, and follows its live connection."""

import asyncio
import secrets
import threading
from collections.abc import Callable

from nbjudge_course.errors import BadMessage, NbjudgeError, Unavailable
from nbjudge_course.submission import NewSubmission, Snapshot, State
from nbjudge_course.wire import (
    Frame,
    Refusal,
    SubmissionFrame,
    decode_json,
    encode_json,
)
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from nbjudge.settings import Settings

Changed = Callable[[Snapshot], None]

_MAX_MESSAGE_BYTES = 16 * 1024 * 1024


class NotAccepted(NbjudgeError):
    """The service did not take the submission."""


def submit_and_wait(
    settings: Settings,
    problem: str,
    source: str,
    language: str,
    *,
    changed: Changed,
    timeout_seconds: float,
) -> Snapshot:
    """Submit and return the last snapshot: with the verdict, or as it was when time ran out.

    Works beside a kernel's own event loop, in a thread of its own. Raises NotAccepted and
    Unavailable.
    """
    new = NewSubmission(id=secrets.token_hex(16), problem=problem, language=language, source=source)
    outcome: list[Snapshot | BaseException] = []

    def work() -> None:
        try:
            outcome.append(asyncio.run(_submit(settings, new, changed, timeout_seconds)))
        except BaseException as error:  # noqa: BLE001  # it is raised again in the caller's thread
            outcome.append(error)

    thread = threading.Thread(target=work, name="nbjudge-submit", daemon=True)
    thread.start()
    thread.join()
    [result] = outcome
    if isinstance(result, BaseException):
        raise result
    return result


async def _submit(
    settings: Settings, new: NewSubmission, changed: Changed, timeout_seconds: float
) -> Snapshot:
    try:
        live = await websocket_connect(
            HTTPRequest(settings.live_url(0), headers={"Authorization": settings.authorization}),
            max_message_size=_MAX_MESSAGE_BYTES,
        )
    except (HTTPClientError, OSError) as error:
        raise Unavailable(
            f"the grader service does not answer at {settings.service_url}"
        ) from error
    try:
        snapshot = await _post(settings, new)
        changed(snapshot)
        async with asyncio.timeout(timeout_seconds):
            while snapshot.state is not State.DONE:
                message = await live.read_message()
                if message is None:
                    raise Unavailable("the grader service has gone; the submission is kept there")
                frame: Frame = decode_json(message, Frame)  # type: ignore[arg-type]  # a union
                if isinstance(frame, SubmissionFrame) and frame.submission.id == new.id:
                    snapshot = frame.submission
                    changed(snapshot)
    except TimeoutError:
        pass
    finally:
        live.close()
    return snapshot


async def _post(settings: Settings, new: NewSubmission) -> Snapshot:
    request = HTTPRequest(
        settings.url("submissions"),
        method="POST",
        headers={"Authorization": settings.authorization, "Content-Type": "application/json"},
        body=encode_json(new),
    )
    try:
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
    except (HTTPClientError, OSError) as error:
        raise Unavailable(
            f"the grader service does not answer at {settings.service_url}"
        ) from error
    if answer.code in {200, 202}:
        return decode_json(answer.body, Snapshot)
    raise NotAccepted(_told(answer.body))


def _told(body: bytes) -> str:
    try:
        return decode_json(body, Refusal).message
    except BadMessage:
        return "the grader service gave an answer that is none of its own"
