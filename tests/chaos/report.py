"""What a campaign came to, for people."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from history_check import History, Violation, counted
from nemesis import KILLS

_MOST = 30


@dataclass(frozen=True)
class Report:
    """What a campaign came to."""

    seed: int
    violations: Sequence[Violation]
    faults: Mapping[str, int]
    history: History
    lost_replies: int
    recovered_seconds: float
    """From the end of the last fault to the last verdict that was shown."""
    lasted_seconds: float
    logs: str

    @property
    def kills(self) -> int:
        """How many processes were killed."""
        return sum(self.faults.get(kind, 0) for kind in KILLS)

    def text(self) -> str:
        """Return it as lines."""
        faults = ", ".join(f"{kind} {count}" for kind, count in sorted(self.faults.items()))
        lines = [
            f"seed {self.seed}, {self.lasted_seconds:.0f} s in all",
            self._posts(),
            f"{sum(self.faults.values())} faults, {self.kills} of them kills: {faults}",
            f"{self.lost_replies} replies of Redis lost",
            self._waits(),
            f"from the last fault to the last verdict {self.recovered_seconds:.1f} s",
            f"broken promises: {counted(self.violations) or 'none'}",
            *(f"    {one.promise}: {one.detail}" for one in self.violations[:_MOST]),
        ]
        return "\n".join(lines)

    def _posts(self) -> str:
        sent = [one for journal in self.history.journals for one in journal.sent.values()]
        statuses = [status for one in sent for status in one.statuses]
        return (
            f"{len(sent)} submissions by {len(self.history.journals)} students in {len(statuses)} "
            f"posts, {statuses.count(0)} of them without an answer; "
            f"{sum(one.accepted for one in sent)} accepted, "
            f"{sum(one.not_accepted for one in sent)} not accepted"
        )

    def _waits(self) -> str:
        waits = sorted(
            one.seen_at - one.accepted_at
            for journal in self.history.journals
            for one in journal.sent.values()
            if one.seen_at is not None and one.accepted_at is not None
        )
        return (
            f"accepted to shown: median {statistics.median(waits):.2f} s, "
            f"p99 {waits[int(0.99 * len(waits))]:.2f} s, longest {waits[-1]:.2f} s"
        )
