"""Fixtures of the material suite."""

from graders import grader

__all__ = ["grader"]
