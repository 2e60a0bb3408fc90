"""Workers that come and go: how many there should be, and who starts and ends them."""
