"""Mirrors all of a Termin into a SQLite file and keeps it current: mirror.py URL FILE

What the feed tells of is noted together with the cursor, and then asked for anew: whoever stops
this at any moment and starts it again misses nothing.
"""

import json
import sqlite3
import sys
import time
from urllib.error import HTTPError
from urllib.request import urlopen

TABLES = """
CREATE TABLE IF NOT EXISTS place (one PRIMARY KEY, cursor, final);
CREATE TABLE IF NOT EXISTS events (block, log_index, body, PRIMARY KEY (block, log_index));
CREATE TABLE IF NOT EXISTS answers (path PRIMARY KEY, body, stale DEFAULT 1);
CREATE VIEW IF NOT EXISTS contracts AS
    SELECT body FROM answers WHERE body NOT NULL AND path LIKE 'contracts/%';
CREATE VIEW IF NOT EXISTS participants AS
    SELECT body FROM answers WHERE body NOT NULL AND path LIKE 'participants/%';
CREATE VIEW IF NOT EXISTS payments AS
    SELECT value AS body FROM contracts, json_each(body, '$.payments');
CREATE VIEW IF NOT EXISTS budget_lines AS
    SELECT value AS body FROM answers, json_each(body, '$.budgetLines')
    WHERE answers.path LIKE 'budget-lines%';
"""


def ask(url, path, after=""):
    with urlopen(f"{url}/api/v1/{path}{after}", timeout=90) as answer:
        found = json.load(answer)
    if "budgetLines" in found and found["next"]:
        found["budgetLines"] += ask(url, path, f"&after={found['next']}")["budgetLines"]
    return found


def follow(db, url, wait):
    cursor, final = db.execute("SELECT cursor, final FROM place").fetchone() or ("", -1)
    page = ask(url, f"feed?limit=1000&wait={wait}", cursor and f"&after={cursor}")
    now = page["index"]["finalBlock"]
    with db:  # all that is told and the cursor, or nothing
        for item in page["items"]:
            note(db, item)
        mark(db, '"final": false' if now != final else None)
        db.execute("REPLACE INTO place VALUES (1, ?, ?)", (page["next"], now))
    return page["more"]


def note(db, item):
    place = item["source"]["block"], item["source"]["logIndex"]
    if item["kind"] == "event":
        db.execute("INSERT INTO events VALUES (?, ?, ?)", (*place, json.dumps(item)))
    elif item["kind"] == "retraction":
        db.execute("DELETE FROM events WHERE block = ? AND log_index = ?", place)
    agreement, person, line = item["agreement"], item["participant"], item["budgetLine"]
    paths = [f"contracts/{agreement}"] * bool(agreement) + [f"participants/{person}"] * bool(person)
    for path in paths + ["budget-lines?limit=200"] * bool(person or line):
        new = "INSERT INTO answers (path) VALUES (?) ON CONFLICT DO UPDATE SET stale = 1"
        db.execute(new, (path,))
    for name in (person, line, item["document"] and item["document"]["hash"]):
        mark(db, name)


def mark(db, words):  # a name may stand in many answers
    db.execute("UPDATE answers SET stale = 1 WHERE instr(body, ?)", (words,))


def renew(db, url, path):
    try:
        answer = ask(url, path) | {"index": None}
        body = json.dumps(answer.get("participant", answer))
    except HTTPError as error:
        if error.code != 404:
            raise
        body = None  # the chain gave it up
    with db:
        db.execute("UPDATE answers SET body = ?, stale = 0 WHERE path = ?", (body, path))


def main(url, file):
    db = sqlite3.connect(file)
    db.executescript(TABLES)
    more = True
    while True:
        try:
            more = follow(db, url, 0 if more else 30)
            paths = [] if more else db.execute("SELECT path FROM answers WHERE stale").fetchall()
            for (path,) in paths:
                renew(db, url, path)
        except OSError as error:  # away, or (410) another chain or version: start anew
            if getattr(error, "code", 0) == 410:
                db.executescript("DELETE FROM place; DELETE FROM events; DELETE FROM answers;")
            time.sleep(5)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
