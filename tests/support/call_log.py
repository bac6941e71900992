# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a gateway's databases from outside, after it has ended. Knows gateway/storage's numbers, which are in files for good."""

import sqlite3

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TEAM_SCOPE = 2
FOR_EVER = 0


def packed(call_id):
    """ "call_" and 26 letters as the 16 bytes that the log keeps."""
    number = 0
    for letter in call_id.removeprefix("call_"):
        number = number << 5 | LETTERS.index(letter)
    return number.to_bytes(16, "big")


class CallLog:
    def __init__(self, data):
        self.data = data
        self.database = sqlite3.connect(data / "calls.db")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.database.close()

    def one(self, question):
        return self.database.execute(question).fetchone()[0]

    def problems(self):
        """What SQLite and a look at the sums find wrong; empty: nothing."""
        found = []
        for name in ("calls.db", "signalbox.db"):
            with sqlite3.connect(self.data / name) as database:
                verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
            database.close()
            if verdict != "ok":
                found.append(f"{name}: {verdict}")
        twice = self.one("SELECT count(*) FROM (SELECT 1 FROM calls GROUP BY id HAVING count(*) > 1)")
        if twice:
            found.append(f"{twice} calls are recorded more than once")
        recorded = self.database.execute("SELECT coalesce(sum(repeats), 0), coalesce(sum(cost), 0) FROM calls WHERE team IS NOT NULL").fetchone()
        spent = self.database.execute("SELECT coalesce(sum(calls), 0), coalesce(sum(cost), 0) FROM spend WHERE scope = ? AND period = ? AND subject != 0", (TEAM_SCOPE, FOR_EVER)).fetchone()
        if recorded != spent:
            found.append(f"the records add up to {recorded} (calls, cost), the teams' spend to {spent}")
        return found

    def budgets(self):
        """What each budget was charged over all its periods, in nano-dollars."""
        return dict(self.database.execute("SELECT account, sum(spent) FROM budget_spend GROUP BY account").fetchall())

    def ids(self):
        return {row[0] for row in self.database.execute("SELECT id FROM calls")}

    def calls(self):
        return self.one("SELECT coalesce(sum(repeats), 0) FROM calls")

    def cost(self):
        """Of all records, in nano-dollars; problems() holds it against the spend."""
        return self.one("SELECT coalesce(sum(cost), 0) FROM calls")
