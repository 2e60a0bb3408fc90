# /// case
# target = "banking"
# ///
def pay(bank, kind):
    bank.send(3)
    bank.owner = "Jo"
    bank.place.x += 2
    bank.fee = 1
