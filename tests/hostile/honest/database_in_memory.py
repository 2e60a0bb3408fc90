import sqlite3


def checksum(text):
    with sqlite3.connect(":memory:") as base:
        base.execute("create table t (i integer, c integer)")
        base.executemany("insert into t values (?, ?)", [(i, ord(c)) for i, c in enumerate(text, 1)])
        return base.execute("select sum(i * c) from t").fetchone()[0] * 4099
