"""What a test changes in its own process holds for the student's code as well, as in a notebook.

`redirect_stdout`, a patched `builtins.input`, and `random.seed` are ordinary ways to test code that
prints, asks, and throws dice.
"""

import builtins
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_PATCHABLE = ("input", "print", "open")
_ORIGINAL = {name: getattr(builtins, name) for name in _PATCHABLE}
_STREAMS = ("stdout", "stderr")

Ask = Callable[..., Any]


class Redirection:
    """Compares what is there now with what was there when the examination began."""

    def __init__(self) -> None:
        self._streams = {name: getattr(sys, name) for name in _STREAMS}

    def is_needed(self) -> bool:
        """Tell whether something is changed at present. It is asked at each call."""
        return (
            sys.stdout is not self._streams["stdout"]
            or builtins.input is not _ORIGINAL["input"]
            or builtins.print is not _ORIGINAL["print"]
            or builtins.open is not _ORIGINAL["open"]
            or sys.stderr is not self._streams["stderr"]
        )

    @contextmanager
    def around(self, ask: Ask) -> Iterator[None]:
        """Let what the student's code does meanwhile go where the test has sent it."""
        patched = [name for name in _PATCHABLE if getattr(builtins, name) is not _ORIGINAL[name]]
        changed = [name for name in _STREAMS if getattr(sys, name) is not self._streams[name]]
        before = {name: len(ask(name)) for name in changed}
        ask("patch", {name: getattr(builtins, name) for name in patched})
        try:
            yield
        finally:
            ask("patch", {})
            for name in changed:
                getattr(sys, name).write(ask(name)[before[name] :])


def share_seeds(seed: Ask) -> None:
    """Let seeding `random` or `numpy.random` in a test seed the student's as well."""
    _share(random, seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        _share(numpy.random, seed)


def _share(module: Any, seed: Ask) -> None:
    if isinstance(module.seed, _Shared):
        module.seed.share = seed
    else:
        module.seed = _Shared(module.seed, seed)


class _Shared:
    """A function that seeds a generator here, and then the student's."""

    def __init__(self, own: Callable[..., None], share: Ask) -> None:
        self._own, self.share = own, share

    def __call__(self, value: Any = None, *args: Any, **kwargs: Any) -> None:
        self._own(value, *args, **kwargs)
        self.share(value)
