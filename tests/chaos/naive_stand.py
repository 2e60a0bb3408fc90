"""The stand of the negative control."""

import sys
from pathlib import Path

from chaos_stand import Stand

_HERE = Path(__file__).parent


class NaiveStand(Stand):
    """The same Redis, database, proxy and faults; another way from the one to the other."""

    service = (sys.executable, str(_HERE / "naive_service.py"))
    worker = (sys.executable, str(_HERE / "naive_worker.py"))
