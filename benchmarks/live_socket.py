"""A websocket to the live address by hand, as cheap as can be: the measured side has the CPU."""

import asyncio
import base64
import os

import msgspec
from nbjudge_course.wire import Frame

TEXT, CLOSE, PING = 1, 8, 9
_PONG = 10
_MASK = b"\0\0\0\0"

decode_frame = msgspec.json.Decoder(Frame).decode


async def shake_hands(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    port: int,
    token: str,
    revision: int = 0,
) -> None:
    """Become a websocket that has seen this revision. Raises ConnectionError when refused."""
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /api/live?revision={revision} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: token {token}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in head.splitlines()[0]:
        raise ConnectionError(head.decode())


def post(port: int, token: str, body: bytes) -> bytes:
    """Return the request that hands a submission in."""
    return (
        f"POST /api/submissions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: token {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[int, bytes]:
    """Return kind and content of the next message. Who does not answer pings is given up."""
    head = await reader.readexactly(2)
    size = head[1] & 127
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2), "big")
    elif size == 127:
        size = int.from_bytes(await reader.readexactly(8), "big")
    data = await reader.readexactly(size)
    kind = head[0] & 15
    if kind == PING:
        writer.write(bytes((128 | _PONG, 128 | size)) + _MASK + data)
    return kind, data
