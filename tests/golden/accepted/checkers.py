# /// case
# kind = "program"
# [[tests]]
# source = """
# ended = run()
# check(ended, "2.0 b\\na", tokens)
# check(ended, "2.0000001  b\\na\\n", floats(1e-6))
# check(ended, "a\\n2.0   b", lambda text: sorted(text.split()))
# check(ended, "a\\n2.0   b", unordered)
# check(ended, "2.0   b\\na\\n\\n", lines)
# check(ended, "2.0   b  \\na\\n\\n", exact)
# assert numbers(ended.stdout.split()[0]) == approx([2.0])
# """
# ///
print("2.0   b  \na\n")
