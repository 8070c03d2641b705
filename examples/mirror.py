"""Mirrors all of a Termin into a SQLite file and keeps it current: mirror.py URL FILE

What the feed tells of is noted together with the cursor and then asked for: stop it at any time.
"""

import json
import sqlite3
import sys
import time
from urllib.request import urlopen

TABLES = """
CREATE TABLE IF NOT EXISTS place (one PRIMARY KEY, cursor, final);
CREATE TABLE IF NOT EXISTS events (block, log_index, body, PRIMARY KEY (block, log_index));
CREATE TABLE IF NOT EXISTS answers (path PRIMARY KEY, body, stale DEFAULT 1);
"""


def ask(path, gone):
    while True:
        try:
            with urlopen(f"{sys.argv[1]}/api/v1/{path}", timeout=90) as answer:
                return json.load(answer)
        except OSError as error:
            if getattr(error, "code", None) == gone:
                return None
            time.sleep(5)


def note(db, item):
    place = item["source"]["block"], item["source"]["logIndex"]
    if item["kind"] == "event":
        db.execute("INSERT INTO events VALUES (?, ?, ?)", (*place, json.dumps(item)))
    elif item["kind"] == "retraction":
        db.execute("DELETE FROM events WHERE block = ? AND log_index = ?", place)
    changed = "INSERT INTO answers (path) VALUES (?) ON CONFLICT DO UPDATE SET stale = 1"
    for path in item["changes"]:
        db.execute(changed, (path,))
    for name in item["names"]:
        db.execute("UPDATE answers SET stale = 1 WHERE instr(body, ?)", (name,))


db = sqlite3.connect(sys.argv[2] if len(sys.argv) == 3 else sys.exit("mirror.py URL FILE"))
db.executescript(TABLES)
while True:
    (after,) = db.execute("SELECT '&after=' || cursor FROM place").fetchone() or ("",)
    page = ask(f"feed?limit=1000&wait=30{after}", gone=410)
    if page is None:  # it is of another chain or version: start anew
        db.executescript("DELETE FROM place; DELETE FROM events; DELETE FROM answers;")
        continue
    with db:  # all that is told and the cursor, or nothing
        for item in page["items"]:
            note(db, item)
        db.execute("REPLACE INTO place VALUES (1, :next, :finalBlock)", page | page["index"])
    if page["more"]:
        continue
    for (path,) in db.execute("SELECT path FROM answers WHERE stale").fetchall():
        body = json.dumps(ask(path, gone=404))  # null: the chain gave it up
        with db:
            db.execute("REPLACE INTO answers VALUES (?, ?, 0)", (path, body))
