"""The judge: takes submissions from the queue and grades them in sandboxes."""
