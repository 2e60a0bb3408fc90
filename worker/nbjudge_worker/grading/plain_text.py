"""Text from a student's program as plain text: no escapes that act on a terminal or a page."""

import re

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def plain_text(text: str) -> str:
    """Return the text without colours; what else would act is shown as its number."""
    text = _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
