"""The examiner's side of the line: asks the candidate, and copies back what a call has changed."""

import weakref
from typing import Any

from nbjudge_worker.codec import BadValue, Decoder, Frames, Hangup, Raw, dumps, read_attached
from nbjudge_worker.codec.line import Line
from nbjudge_worker.codec.named import BY_NAME, nearest
from nbjudge_worker.codec.plain import to_json
from nbjudge_worker.codec.reading import EnumMember, read_member
from nbjudge_worker.examiner.array import Array
from nbjudge_worker.examiner.clock import TurnClock
from nbjudge_worker.examiner.copy_back import assign
from nbjudge_worker.examiner.mirrors import Mirror, Mirrors
from nbjudge_worker.examiner.proxy import Proxy, is_proxy, new_proxy, told_of
from nbjudge_worker.examiner.redirection import Redirection
from nbjudge_worker.examiner.subclassing import stand_in
from nbjudge_worker.examiner.visits import Visits, text_stream

_RUNNING = frozenset({"call", "special", "attr", "await"})
"""What runs code of the student's."""
_TOLD = frozenset({"seed"})
"""What the candidate is only told, and has no say in."""
_DOING = {"special": "method", "attr": "attribute"}
"""What to call an operation where a student reads of it, when its own name will not do."""


class Gone(BaseException):
    """The candidate has ended or was ended. No `except Exception` of a test may swallow this."""


class Peer:
    """The candidate, as the examiner knows it."""

    def __init__(self, frames: Frames, clock: TurnClock) -> None:
        self._clock = clock
        self.gone = False
        self.requests = 0
        """How often the student's code was asked for something."""
        self.took_part = False
        """Whether what has happened since it was last said no may be the student's doing."""
        self.handed_over = 0
        self.expects_stop = False
        self.knows_classes = False
        self.visits = Visits()
        self._redirection = Redirection()
        self._freed: set[int] = set()
        self._proxies: weakref.WeakValueDictionary[int, Proxy] = weakref.WeakValueDictionary()
        self._members: dict[tuple[str, str], EnumMember] = {}
        self._mirrors = Mirrors(lambda number, name: self.ask("attr", number, name))
        references: dict[str, Any] = {
            "e": self._member,
            "ja": lambda items: list(items) if self.visits.has_python else Array(items),
            "h": self._proxy,
            "p": self._own_kind_of_plain,
            "T": lambda name: BY_NAME[name],
            "E": self._mirrors.read_class,
            "X": self._mirrors.read_exception,
            "o": self._own,
            "io": text_stream,
            "@": lambda content: read_attached(content, frames),
        }
        self._frames = frames
        self._line = Line(frames, Decoder(references), self._answer)

    def begin(self, *, expects_stop: bool) -> None:
        """A test begins, which may expect that a call raises StopIteration."""
        self.visits.broken = None
        self.expects_stop = expects_stop

    def speak_javascript(self) -> None:
        """Pass on nothing by a name of Python's."""
        self.visits.has_python = False

    def ask(self, op: str, *arguments: Any, given: list[Any] | None = None) -> Any:
        """Ask the candidate. Raise what it raised, or Gone when it has ended.

        Mutable values of `given` that the call has changed are changed here as well.
        """
        if op in _RUNNING and self._redirection.is_needed():
            with self._redirection.around(self.ask):
                return self.ask_all(op, *arguments, given=given)[1]
        return self.ask_all(op, *arguments, given=given)[1]

    def ask_all(self, op: str, *arguments: Any, given: list[Any] | None = None) -> list[Any]:
        """Ask the candidate and return its whole answer."""
        self.took_part |= op not in _TOLD
        with self._line.turn:
            answer = self._exchange(self._request(op, arguments))
        if len(answer) > 2 and given and isinstance(answer[2], list):
            for number, value in answer[2]:
                assign(given[number], value)
        if answer[0] == "x":
            self.took_part = True
            raise self._raised(_raisable(answer[1]), op, arguments)
        if answer[0] == "s" and given is not None:
            return ["v", given[answer[1]]]
        return answer

    def _raised(self, error: BaseException, op: str, arguments: tuple[Any, ...]) -> BaseException:
        """Return the error as the test meets it.

        As in a generator, a stop that nobody waits for ends no iteration of the test's: otherwise
        whatever raises it would pass `all(map(function, cases))`.
        """
        is_stop = isinstance(error, (StopIteration, StopAsyncIteration))
        if not is_stop or self.expects_stop or self._may_stop(op, arguments, error):
            return error
        raised = RuntimeError(f"the {_DOING.get(op, op)} raised {type(error).__name__}")
        raised.__dict__.update(error.__dict__)
        return raised

    def _may_stop(self, op: str, arguments: tuple[Any, ...], error: BaseException) -> bool:
        """Tell whether this is how an iterator of the student's goes on, and so may end."""
        if op == "special":
            return arguments[1] in ("__next__", "__anext__")
        if op == "await":
            return isinstance(error, StopAsyncIteration)
        called = self._proxies.get(arguments[0]) if op == "call" else None
        return called is not None and told_of(called).steps

    def stand_in(self, proxy: Proxy) -> type:
        """Return a base for classes of the test that inherit from a student's class."""
        return stand_in(proxy)

    def release(self, number: int) -> None:
        """Tell the candidate, with the next request, that a proxy is gone."""
        if number not in self._proxies:
            self._freed.add(number)

    def _request(self, op: str, arguments: tuple[Any, ...]) -> str:
        free, self._freed = list(self._freed), set()
        told = [dumps(argument, self._refer) for argument in arguments]
        return "[" + ",".join((f'"{op}"', str(free), *told)) + "]"

    def _exchange(self, request: str) -> list[Any]:
        if self.gone:
            raise Gone
        self.requests += 1
        self._clock.start()
        try:
            return self._line.ask(request)
        except Hangup:
            self.gone = True
            raise Gone from None
        finally:
            self._clock.stop()

    # ---- What the student's code asks of the test

    def _answer(self, request: list[Any]) -> str:
        self._clock.stop()
        try:
            op, number, args, kwargs = request
            result = self.visits.answer(op, number, args, kwargs)
            return f'["v",{dumps(result, self._refer)}]'
        except Exception as error:  # noqa: BLE001  # what a function of the test raises is an answer
            return f'["x",{dumps(error, self._refer)}]'
        finally:
            self._clock.start()

    # ---- Values

    def _refer(self, value: Any) -> Any:
        number = _number_of(value)
        if number is not None:
            return {"o": number}
        if isinstance(value, BaseException):
            return self._exception(value)
        if isinstance(value, type) and issubclass(value, BaseException):
            return to_json(nearest(value), self.visits.refer)
        if type(value) is Raw:
            return value.attached(self._frames)
        if type(value) is EnumMember:
            return {"e": [value.enumeration, value.name, to_json(value.value, self._refer)]}
        return self.visits.refer(value)

    def _exception(self, error: BaseException) -> Any:
        self.handed_over += 1
        number = error.__dict__.get("nbjudge_number")
        if number is not None:
            return {"o": number}
        # An assertion's text may hold expected values: it stays here.
        args = [] if isinstance(error, AssertionError) else list(error.args)
        return {"X": [self._refer(type(error)), to_json(args, self._refer)]}

    def _proxy(self, content: Any, base: type | None = None) -> Proxy:
        number = content[0]
        known = self._proxies.get(number)
        if known is None:
            known = self._proxies[number] = new_proxy(self, content, base)
            self._freed.discard(number)
        return known

    def _own_kind_of_plain(self, content: Any) -> Any:
        """Read an instance of the student's subclass of a plain type.

        It is its plain content, unless the problem is about classes.
        """
        *told, plain = content
        if not self.knows_classes:
            self.release(told[0])
            return plain
        proxy = self._proxy(told, type(plain))
        told_of(proxy).remember(plain, self.requests)
        return proxy

    def _member(self, content: Any) -> EnumMember:
        """Return a member of an enumeration, always the same one, as `is` wants it."""
        member = read_member(content)
        return self._members.setdefault((member.enumeration, member.name), member)

    def _own(self, number: Any) -> Any:
        return self.visits.passed(number)


def _number_of(value: Any) -> int | None:
    """Return by which number the candidate knows what stands here for something of its own."""
    if is_proxy(value):
        return told_of(value).number
    is_mirror = isinstance(value, type) and issubclass(value, Mirror)
    return value.nbjudge_number if is_mirror else None


def _raisable(error: Any) -> BaseException:
    return (
        error if isinstance(error, BaseException) else BadValue("what was raised is no exception")
    )
