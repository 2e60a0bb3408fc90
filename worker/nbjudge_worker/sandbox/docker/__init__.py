"""Docker: boxes in containers, one for each submission or one for many."""
