"""Fields come, go and change their names while others read: every answer is
of the old world or of the new one."""
import argparse
import json
import threading
import time
import urllib.parse

import fcgi

MODEL = "/restapi/1.0/object/ir.model"
FIELD = "/restapi/1.0/object/ir.model.fields"
NOTE = "/restapi/1.0/object/x_note"


class Server:
    def __init__(self, path, key):
        self.path = path
        self.auth = "Bearer " + key

    def ask(self, method, target, vals=None):
        if vals is not None:
            target += "?vals=" + urllib.parse.quote(repr(vals))
        status, _, body, _ = fcgi.ask(
            self.path, method, target, b"", HTTP_AUTHORIZATION=self.auth,
            HTTP_ACCEPT="application/json")
        return status, json.loads(body) if body else None


def wrong(row):
    """x_one and x_two are the same field, whose value is always "v"; x_more
    is computed from it."""
    names = [n for n in ("x_one", "x_two") if n in row]
    if len(names) != 1 or row[names[0]] != "v":
        return "%r" % row
    if row.get("x_more", "v!") != "v!":
        return "%r" % row
    return None


def reader(server, stop, said, counts):
    while not stop.is_set():
        for target in (NOTE + "/1", NOTE + "/fields_get"):
            status, body = server.ask("GET", target)
            counts.append(status)
            if status != 200:
                said.append("%d %r" % (status, body))
                continue
            body = body["x_note"]
            if target.endswith("get"):
                body = {n: "v!" if n == "x_more" else "v" for n in body}
            fault = wrong(body)
            if fault:
                said.append(fault)


def must(said, answer):
    if answer[0] != 200:
        said.append("%d %r" % answer)
    return answer[1]


def change(server, said, seconds):
    """Renames, adds and takes away, again and again."""
    model = must(said, server.ask("POST", MODEL, {
        "name": "Note", "model": "x_note", "state": "manual", "field_id": [
            (0, 0, {"name": "x_one", "ttype": "char"})]}))["ir.model"]
    must(said, server.ask("POST", NOTE, {"x_one": "v"}))
    status, body = server.ask("GET", FIELD + "/?domain=" + urllib.parse.quote(
        "[('model','=','x_note'),('name','=','x_one')]"))
    one = body["ir.model.fields"][0]["id"]
    yield
    end = time.time() + seconds
    n = 0
    while time.time() < end:
        n += 1
        for name in ("x_two", "x_one"):
            must(said, server.ask("PUT", "%s/%d" % (FIELD, one),
                                  {"name": name}))
        more = must(said, server.ask("POST", FIELD, {
            "model_id": model["id"], "name": "x_more", "ttype": "char",
            "compute": "x_one + '!'", "index": n % 2 == 0}))
        must(said, server.ask("DELETE", "%s/%d" % (
            FIELD, more["ir.model.fields"]["id"])))
    yield n


def both(server, target, vals):
    """Many ask for the same thing at once: how many get it."""
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(
        server.ask("POST", target, vals)[0])) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return answers.count(200) == 1 and answers.count(403) == 7, answers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--seconds", type=float, default=4)
    args = parser.parse_args()
    server = Server(args.socket, args.key)
    stop, said, counts, mine = threading.Event(), [], [], []
    writer = change(server, mine, args.seconds)
    next(writer)
    readers = [threading.Thread(target=reader, args=(
        server, stop, said, counts)) for _ in range(4)]
    for r in readers:
        r.start()
    rounds = next(writer)
    stop.set()
    for r in readers:
        r.join()
    print("# %d rounds of four changes, %d answers to readers"
          % (rounds, len(counts)))
    tests = [
        (not said, "every answer is of one world", said),
        (not mine, "every change is carried out", mine),
        (rounds > 2 and len(counts) > 50, "there was enough of both", []),
    ]
    for target, vals, name in (
            (MODEL, {"name": "T", "model": "x_twice"}, "model"),
            (FIELD, {"model": "res.partner", "name": "x_twice",
                     "ttype": "char"}, "field")):
        ok, answers = both(server, target, vals)
        tests.append((ok, "of eight who make a %s one does" % name, answers))
    for n, (ok, name, why) in enumerate(tests, 1):
        print("%sok %d - %s" % ("" if ok else "not ", n, name))
        for line in ([] if ok else why[:5]):
            print("# %s" % line)


main()
