"""A conversation in which both sides may ask: an answer can need questions of its own first.

Requests are `[op, ...]`, answers are `["v", value, ...]` or `["x", exception]`. At any moment one
side works and the other waits, so answers come in the order of a stack.
"""

import threading
from collections.abc import Callable
from typing import Any

from nbjudge_worker.codec.frames import Frames, Hangup
from nbjudge_worker.codec.plain import BadValue
from nbjudge_worker.codec.reading import Decoder

ANSWERS = ("v", "s", "x")


class Line:
    """One side of the conversation."""

    def __init__(
        self, frames: Frames, decoder: Decoder, answer: Callable[[list[Any]], str]
    ) -> None:
        self._frames = frames
        self._decoder = decoder
        self._answer = answer
        self.turn = threading.RLock()
        """Held by who writes a request: a student's threads may call back at the same time."""

    def ask(self, request: str) -> list[Any]:
        """Send a request and return the answer, having answered what was asked meanwhile.

        Raises Hangup, and BadValue when what came cannot be read.
        """
        with self.turn:
            self._frames.send(request)
            while True:
                message = self._read(self._frames.receive())
                if message[0] in ANSWERS:
                    return message
                self._frames.send(self._answer(message))

    def serve(self) -> None:
        """Answer requests until the other side hangs up."""
        while True:
            text = self._frames.receive()
            with self.turn:
                self._frames.send(self._answer(self._read(text)))

    def _read(self, text: str) -> list[Any]:
        message = self._decoder.loads(text)
        if type(message) is not list or not message or type(message[0]) is not str:
            raise BadValue("a message that is no list")
        return message


__all__ = ["ANSWERS", "Hangup", "Line"]
