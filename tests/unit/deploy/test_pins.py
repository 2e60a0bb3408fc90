"""The pins of the lock for another Python than the one that builds an image."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCK = """# ---- to run
new==2.0 ; python_full_version >= '3.12' \\
    --hash=sha256:00
new==1.0 ; python_full_version < '3.12' \\
    --hash=sha256:00
old-only==5.0 ; python_full_version < '3.11.3' \\
    --hash=sha256:00
plain==1.5 \\
    --hash=sha256:00
windows-only==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
"""


@pytest.fixture(scope="module")
def pins():
    place = ROOT / "deploy" / "images" / "pins.py"
    spec = importlib.util.spec_from_file_location("pins", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pins


def test_each_python_gets_its_own_versions(pins):
    assert list(pins(LOCK, "3.11.2", missed=False)) == ["new==1.0", "old-only==5.0", "plain==1.5"]
    assert list(pins(LOCK, "3.13.0", missed=False)) == ["new==2.0", "plain==1.5"]


def test_what_this_python_does_not_need_itself_is_named(pins):
    assert "plain==1.5" not in list(pins(LOCK, "3.11.2", missed=True))
    assert "new==2.0" in list(pins(LOCK.replace(">= '3.12'", ">= '9.9'"), "9.9.0", missed=True))


def test_the_real_lock_can_be_read_whole(pins):
    found = list(pins((ROOT / "constraints.txt").read_text("utf-8"), "3.11.2", missed=False))

    assert len(found) > 100
    assert len({pin.partition("==")[0] for pin in found}) == len(found)
