"""Both sides of the line read whatever comes: listed types or a bad value, and no memory is lost."""

import gc
import io
import json
import os
import random
import socket
import tracemalloc
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from nbjudge_worker.candidate.answers import Answers
from nbjudge_worker.candidate.console import Console
from nbjudge_worker.codec import BadValue, Decoder, Frames
from nbjudge_worker.examiner.array import Array
from nbjudge_worker.examiner.clock import TurnClock
from nbjudge_worker.examiner.peer import Peer
from nbjudge_worker.examiner.proxy import Proxy

TAGS = ["t", "m", "O", "C", "s", "z", "q", "b", "y", "c", "i", "r", "sl", "D", "F", "dt", "da", "ti",
        "td", "u", "k", "n", "e", "a", "ao", "A", "S", "P", "I", "pt", "pd", "pn", "h", "p", "o", "T",
        "E", "X", "V", "M", "B", "io", "tb", "df", "@", "ja", "zz"]  # fmt: skip
WORDS = ["", "x", "object", "function", "class", "__len__", "ValueError", "<f8", "AAAAAAAA8D8=", "0x1p",
         "1", "list", "os", "builtins:eval", "math:sqrt", "2020-01-01", "json.decoder:JSONDecodeError", "UTC", "D"]  # fmt: skip
GROWTH_BYTES = 300_000


def forged(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.random()
    if depth > 4 or kind < 0.4:
        return chance.choice([None, True, -1, 0, 1, 7, 2**70, 0.5, *WORDS])
    if kind < 0.7:
        return [forged(chance, depth + 1) for _ in range(chance.randrange(6))]
    return {chance.choice(TAGS): forged(chance, depth + 1)}


@pytest.fixture
def line() -> Iterator[Frames]:
    here, there = socket.socketpair()
    there.close()  # who asks back gets no answer, at once
    with here:
        yield Frames(here)


@pytest.fixture
def examiner(line: Frames) -> Iterator[Decoder]:
    memory = os.memfd_create("clock")
    os.ftruncate(memory, 16)
    peer = Peer(line, TurnClock(memory))
    peer.gone = True  # proxies that go tell it, and nobody hears
    yield peer._line._decoder
    os.close(memory)


@pytest.fixture
def candidate(line: Frames, monkeypatch: pytest.MonkeyPatch) -> Decoder:
    for name in ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__"):
        monkeypatch.setattr(f"sys.{name}", None)
    return Answers(line, {}, Console())._line._decoder


def read(decoder: Decoder, count: int, seed: int) -> set[type]:
    chance, kinds = random.Random(seed), set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(count):
            try:
                kinds.add(type(decoder.loads(json.dumps(forged(chance)))))
            except BadValue:
                continue
    return kinds


@pytest.mark.parametrize("side", ["examiner", "candidate"])
def test_reading_forged_messages_for_long_holds_no_memory(side, request):
    decoder = request.getfixturevalue(side)
    read(decoder, 3000, seed=1)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    read(decoder, 6000, seed=2)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < GROWTH_BYTES


def test_the_examiner_makes_nothing_of_a_message_but_data_proxies_and_mirrors(examiner):
    kinds = read(examiner, 6000, seed=3)
    foreign = [kind for kind in kinds if not is_known(kind)]
    assert foreign == []
    assert len(kinds) > 15


def is_known(kind: type) -> bool:
    homes = {"builtins", "collections", "datetime", "decimal", "fractions", "uuid", "numpy"}
    return (
        kind.__module__ in homes
        or kind.__module__.startswith(("pandas", "nbjudge_worker.codec"))
        or issubclass(kind, (Proxy, BaseException, tuple, Array, io.StringIO))
        or kind in (type, type(None))
    )
