# /// case
# [[tests]]
# source = """
# import unittest
# check = unittest.TestCase()
# check.assertEqual(half(4), 2)
# check.assertAlmostEqual(half(1), 0.5)
# with check.assertRaises(TypeError):
#     half("x")
# """
# [[tests]]
# source = """
# import pytest
# assert half(1) == pytest.approx(0.5)
# assert [half(1), half(3)] == pytest.approx([0.5, 1.5])
# with pytest.raises(TypeError):
#     half("x")
# """
# [[tests]]
# source = "assert half(1) == approx(0.5)"
# ///
def half(n):
    return n / 2
