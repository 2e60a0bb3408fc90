"""A cell's source as Python: magics, shell lines and help are blanked out."""

import ast
import types

FILENAME = "<cell>"
_MAGIC = ("%", "!", "?")
_MAX_MAGICS = 500


def compile_cell(source: str, filename: str = FILENAME) -> tuple[types.CodeType, str]:
    """Return the code, and the source with magics, shell lines and help blanked out."""
    source = source.removeprefix("\ufeff")  # the byte order mark of some editors
    for _ in range(_MAX_MAGICS):
        try:
            code = compile(
                source, filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
            )
        except SyntaxError as error:
            plain = _without_magic(source, error.lineno)
            if plain is None:
                raise
            source = plain
        else:
            return code, source
    raise SyntaxError("more magics than a cell can have")


def _without_magic(source: str, lineno: int | None) -> str | None:
    """Blank the magic at, or just before, the line that the compiler points at."""
    lines = source.split("\n")
    for number in (lineno or 0, (lineno or 0) - 1):
        if 1 <= number <= len(lines) and (plain := _plain_line(lines[number - 1])) is not None:
            lines[number - 1] = plain
            return "\n".join(lines)
    return None


def _plain_line(line: str) -> str | None:
    body = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if body.startswith(_MAGIC) or body.endswith("?"):
        return indent + "pass"
    name, equals, value = body.partition("=")
    if equals and value.strip().startswith(("%", "!")):
        return f"{indent}{name.strip()} = None"
    return None
