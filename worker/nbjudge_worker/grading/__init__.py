"""The real grader: a candidate and an examiner in boxes of their own, supervised from outside."""

from nbjudge_worker.grading.grader import SandboxedGrader

__all__ = ["SandboxedGrader"]
