"""The command `nbjudge`: finds its verbs by entry points, so that each distribution brings its own.

A verb is an entry point of the group `nbjudge.commands`: a function that takes the arguments
after the verb and returns an exit status. The first line of its docstring is its help.
"""

import sys
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points

GROUP = "nbjudge.commands"

Command = Callable[[Sequence[str]], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb that stands first in the arguments."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    verbs = {point.name: point for point in entry_points(group=GROUP)}
    if not words or words[0] in {"-h", "--help", "help"}:
        sys.stdout.write(_usage(verbs))
        return 0
    verb = verbs.get(words[0])
    if verb is None:
        sys.stderr.write(f"nbjudge: there is no verb {words[0]!r}\n{_usage(verbs)}")
        return 2
    command: Command = verb.load()
    return command(words[1:])


def _usage(verbs: dict[str, EntryPoint]) -> str:
    rows = [f"  {name:<10} {_summary(point)}" for name, point in sorted(verbs.items())]
    return "\n".join(["usage: nbjudge VERB ...", "", *rows, ""])


def _summary(verb: EntryPoint) -> str:
    return (verb.load().__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
