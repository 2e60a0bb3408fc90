# /// case
# target = "notified"
# ///
def notify(send):
    send("x", 3)
    send.opened("y").write(str(send.rate))
