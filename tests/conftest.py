"""Fixtures for every suite stand in the folder that uses them; this file only marks the root."""
