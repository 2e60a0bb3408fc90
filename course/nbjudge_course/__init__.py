"""The words of a class: what a problem, a submission and a verdict are, and how they travel."""
