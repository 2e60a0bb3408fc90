"""Submitting from a kernel: posts to the service, and follows its live connection."""

import asyncio
import contextlib
import queue
import random
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator

from nbjudge_course.errors import BadMessage, NbjudgeError, Unavailable
from nbjudge_course.submission import NewSubmission, Snapshot, State
from nbjudge_course.wire import Frame, Refusal, SubmissionFrame, decode_json, encode_json
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

from nbjudge.settings import Settings

_MAX_MESSAGE_BYTES = 8 * 1024 * 1024
_TIMEOUT_SECONDS = 20.0
_PING_SECONDS = 20.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.4, 15.0
"""Between tries to connect, at most."""
_PAUSES_SECONDS = (0.2, 0.5, 1.0)
"""Between tries to post. Posting twice does no harm: the id makes it one submission."""


class NotAccepted(NbjudgeError):
    """The service did not take the submission, and says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Busy(NotAccepted):
    """The service has too much to do: the same once more is welcome after so many seconds."""

    def __init__(self, refusal: Refusal, seconds: float) -> None:
        super().__init__(refusal)
        self.seconds = seconds


def post(settings: Settings, new: NewSubmission) -> Snapshot:
    """Hand it in. Raises NotAccepted, which may be Busy, and Unavailable."""
    return _elsewhere(lambda: _post_again(settings, new))


def fetch(settings: Settings, submission: str) -> Snapshot:
    """Return a submission as it is now. Raises NotAccepted and Unavailable."""
    return _elsewhere(lambda: _request(settings, f"submissions/{submission}", None))


def cancel(settings: Settings, submission: str) -> Snapshot:
    """Take a submission back, and return it as it is now. Raises NotAccepted and Unavailable."""
    path = f"submissions/{submission}"
    return _elsewhere(lambda: _request(settings, path, None, method="DELETE"))


def follow(settings: Settings, known: Snapshot, timeout_seconds: float) -> Iterator[Snapshot]:
    """Yield what is newer, until the verdict or until time runs out.

    The connection lives in a thread of its own, beside a kernel's own loop, and comes back by
    itself when it drops. Raises Unavailable when the service refuses it.
    """
    if known.state is State.DONE:
        return
    news: queue.SimpleQueue[Snapshot | Exception | None] = queue.SimpleQueue()
    enough = threading.Event()

    async def listen() -> None:
        try:
            async with (
                asyncio.timeout(timeout_seconds),
                contextlib.aclosing(_news(settings, known, enough)) as changes,
            ):
                async for snapshot in changes:
                    news.put(snapshot)
        except TimeoutError:
            pass
        except NbjudgeError as error:
            news.put(error)
        finally:
            news.put(None)

    threading.Thread(target=lambda: asyncio.run(listen()), daemon=True).start()
    try:
        while (item := news.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        enough.set()


async def _news(
    settings: Settings, known: Snapshot, enough: threading.Event
) -> AsyncGenerator[Snapshot, None]:
    """Yield each change of the submission up to the verdict, over as many connections as needed."""
    revision, longest_pause = known.revision - 1, _FIRST_PAUSE_SECONDS
    while not enough.is_set():
        try:
            live = await _connected(settings, max(revision, 0))
        except Unavailable:
            await asyncio.sleep(_jittered(longest_pause))
            longest_pause = min(2 * longest_pause, _LONGEST_PAUSE_SECONDS)
            continue
        try:
            while (message := await live.read_message()) is not None and not enough.is_set():
                longest_pause = _FIRST_PAUSE_SECONDS  # it answers; an open door alone is no answer
                frame: Frame = decode_json(message, Frame)  # type: ignore[arg-type]  # a union
                if isinstance(frame, SubmissionFrame) and frame.submission.id == known.id:
                    yield frame.submission
                    if frame.submission.state is State.DONE:
                        return
        finally:
            _hang_up(live)
        await asyncio.sleep(_jittered(longest_pause))
        longest_pause = min(2 * longest_pause, _LONGEST_PAUSE_SECONDS)


def _jittered(longest_seconds: float) -> float:
    """Return any pause up to the longest, so that a class does not come back as one."""
    return random.uniform(0, longest_seconds)  # noqa: S311 - nobody is to guess it


def _hang_up(live: WebSocketClientConnection) -> None:
    """Close without waiting for the other side's word: the loop may end right after this."""
    protocol = live.protocol
    live.close()
    if protocol is not None and protocol.stream is not None:
        protocol.stream.close()


async def _connected(settings: Settings, revision: int) -> WebSocketClientConnection:
    request = HTTPRequest(
        settings.live_url(revision),
        headers={"Authorization": settings.authorization},
        connect_timeout=_TIMEOUT_SECONDS,
    )
    try:
        return await websocket_connect(
            request,
            max_message_size=_MAX_MESSAGE_BYTES,
            ping_interval=_PING_SECONDS,
            ping_timeout=_PING_SECONDS,
        )
    except HTTPClientError as error:
        if error.code in {401, 403}:
            refusal = Refusal(reason="unknown_student", message="the service does not know you")
            raise NotAccepted(refusal) from error
        raise Unavailable(_no_answer(settings)) from error
    except (OSError, WebSocketError) as error:
        raise Unavailable(_no_answer(settings)) from error


async def _post_again(settings: Settings, new: NewSubmission) -> Snapshot:
    for pause_seconds in _PAUSES_SECONDS:
        with contextlib.suppress(Unavailable):
            return await _request(settings, "submissions", encode_json(new))
        await asyncio.sleep(pause_seconds)
    return await _request(settings, "submissions", encode_json(new))


async def _request(
    settings: Settings, path: str, body: bytes | None, *, method: str | None = None
) -> Snapshot:
    request = HTTPRequest(
        settings.url(path),
        method=method or ("GET" if body is None else "POST"),
        headers={"Authorization": settings.authorization, "Content-Type": "application/json"},
        body=body,
        request_timeout=_TIMEOUT_SECONDS,
        follow_redirects=False,
    )
    client = SimpleAsyncHTTPClient(force_instance=True)
    try:
        answer = await client.fetch(request, raise_error=False)
    except (HTTPClientError, OSError) as error:
        raise Unavailable(_no_answer(settings)) from error
    finally:
        client.close()
    if answer.code in {200, 202}:
        return decode_json(answer.body, Snapshot)
    raise _fault(answer.code, answer.body)


def _fault(status: int, body: bytes) -> NbjudgeError:
    """Return what an answer that is no snapshot means: a refusal, or trouble over there."""
    try:
        refusal = decode_json(body, Refusal)
    except BadMessage:
        return Unavailable(f"what answers there is not the grading service (status {status})")
    if status == 429 and refusal.retry_after_seconds is not None:
        return Busy(refusal, refusal.retry_after_seconds)
    return NotAccepted(refusal) if status < 500 else Unavailable(refusal.message)


def _no_answer(settings: Settings) -> str:
    return f"the grading service does not answer at {settings.service_url}"


def _elsewhere(work: Callable[[], Coroutine[object, object, Snapshot]]) -> Snapshot:
    """Run a coroutine beside the loop that a kernel runs in this thread."""
    outcome: queue.SimpleQueue[Snapshot | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(asyncio.run(work()))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            outcome.put(error)

    threading.Thread(target=run, daemon=True).start()
    result = outcome.get()
    if isinstance(result, BaseException):
        raise result
    return result
