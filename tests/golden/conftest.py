"""Fixtures of the golden suite."""

from graders import grader

__all__ = ["grader"]
