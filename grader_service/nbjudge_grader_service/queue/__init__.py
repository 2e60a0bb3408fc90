"""The queue as the service sees it: jobs go out, results and events come in."""

from nbjudge_grader_service.queue.fake import FakeQueue
from nbjudge_grader_service.queue.port import DeadLetter, EntryId, Load, Queue, Resync
from nbjudge_grader_service.queue.streams import RedisQueue

__all__ = ["DeadLetter", "EntryId", "FakeQueue", "Load", "Queue", "RedisQueue", "Resync"]
