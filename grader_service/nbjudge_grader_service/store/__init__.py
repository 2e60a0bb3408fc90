"""The store: what the service's database keeps, and the promises about it."""

from nbjudge_grader_service.store.fake import FakeStore
from nbjudge_grader_service.store.port import Accepted, Graded, Recent, Recorded, Store, Withdrawn
from nbjudge_grader_service.store.sql import SqlStore

__all__ = [
    "Accepted",
    "FakeStore",
    "Graded",
    "Recent",
    "Recorded",
    "SqlStore",
    "Store",
    "Withdrawn",
]
