"""nbjudge, the student's side: the server extension, the widget, `submit` and `%%submit`."""

from typing import Any

__version__ = "0.1.0"

_LAZY = {
    "submit": "nbjudge.submitting",
    "Submission": "nbjudge.submitting",
    "last": "nbjudge.submitting",
    "VerdictWidget": "nbjudge.widget",
    "watch": "nbjudge.widget",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the name stands for
    """Import what is asked for only then: a server needs no widgets."""
    if name not in _LAZY:
        raise AttributeError(f"module 'nbjudge' has no attribute {name!r}")
    import importlib  # noqa: PLC0415  # as above

    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401  # IPython has no types
    """Give `%%submit` to a notebook: `%load_ext nbjudge`."""
    from nbjudge.submitting import SubmitMagics  # noqa: PLC0415  # only in a kernel

    shell.register_magics(SubmitMagics)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "nbjudge"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "nbjudge.server_extension"}]
