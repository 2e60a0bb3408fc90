# /// case
# [[tests]]
# source = """
# greet("Ada")
# assert stdout() == "Hello, Ada!\\n"
# """
# ///
def greet(name):
    print(f"Hello, {name}!")
