"""The student's side of nbjudge: submit a cell, see the official verdict beneath it."""
