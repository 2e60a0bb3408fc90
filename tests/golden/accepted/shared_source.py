# /// case
# shared = "class Node:\n    def __init__(self, value, next=None):\n        self.value, self.next = value, next\n"
# setup = "def chain(*values):\n    node = None\n    for value in reversed(values):\n        node = Node(value, node)\n    return node\n"
# [[tests]]
# source = "assert total(chain(1, 2, 3)) == 6"
# ///
def total(node):
    return 0 if node is None else node.value + total(node.next)
