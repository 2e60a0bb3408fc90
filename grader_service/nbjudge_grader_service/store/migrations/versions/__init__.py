"""One module for each step in the history of the tables; a released one never changes."""
