"""Importers: what other graders call an assignment, made into problem notebooks."""
