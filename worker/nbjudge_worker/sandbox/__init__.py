"""Sandboxes: engines that keep ready locked-down processes, each used for one submission."""
