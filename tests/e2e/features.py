"""What several workers, the command line and files beside the database have
to do with each other, through a web server with eight workers."""
import argparse
import base64
import concurrent.futures
import csv
import glob
import os
import random
import subprocess
import threading

import client

WORKERS = 8
ATTACHMENT = client.OBJECT + "ir.attachment"


class Test:
    def __init__(self, args):
        self.args = args
        self.client = client.Client(args.url, args.key)
        self.program = os.path.join(args.work, "bin", "cardfile")
        self.data = os.path.join(args.work, "data")

    def run(self, *arguments):
        """A command as the servers' user: what it wrote."""
        done = subprocess.run(self.args.runs + [self.program, *arguments],
                              check=False, stdin=subprocess.DEVNULL,
                              capture_output=True, encoding="utf-8",
                              timeout=120)
        return done.returncode == 0, done.stdout + done.stderr

    def files(self, database="demo"):
        return [p for p in glob.glob(os.path.join(
            self.data, database + ".files", "**"), recursive=True)
            if os.path.isfile(p)]


def writing(test, seconds_of):
    """Runs seconds_of() while four clients write: what it returns, what they
    wrote (id -> name), and what failed."""
    stop, written, failed = threading.Event(), {}, []

    def write(number):
        n = 0
        while not stop.is_set():
            n += 1
            name = "e2e-writer-%d-%d" % (number, n)
            try:
                written[test.client.create(name)] = name
            except client.Failed as e:
                failed.append(str(e))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for number in range(4):
            pool.submit(write, number)
        try:
            result = seconds_of(written)
        finally:
            stop.set()
    return result, written, failed


def attachments(t):
    """5 MiB there and back, in one file however many have them."""
    data = random.Random(1).randbytes(5 << 20)
    text = base64.b64encode(data).decode("ascii")
    first = t.client.make("ir.attachment", name="first", datas=text)
    row = t.client.call("GET", "%s/%d" % (ATTACHMENT, first))["ir.attachment"]
    yield base64.b64decode(row["datas"]) == data, "5 MiB there and back"
    yield row["file_size"] == len(data), "their size is known", \
        row["file_size"]
    second = t.client.make("ir.attachment", name="second", datas=text)
    yield len(t.files()) == 1, "two of the same contents share a file", \
        t.files()
    t.client.unlink("ir.attachment", first)
    row = t.client.call("GET", "%s/%d?fields=['datas']" % (
        ATTACHMENT, second))["ir.attachment"]
    yield base64.b64decode(row["datas"]) == data, \
        "one is read when the other is deleted"
    status, answer = t.client.ask("POST", ATTACHMENT, {
        "name": "large", "datas": "A" * (16 << 20)})
    yield status == t.args.too_large, "a body of more than 16 MiB: %d" \
        % status, answer[:300]
    ok, said = t.run("check", "demo")
    yield ok and len(t.files()) == 1, "check finds the one file sound", said


def serving(t):
    """The workers that have the database open."""
    found = 0
    for p in glob.glob("/proc/[0-9]*"):
        try:
            with open(p + "/comm", encoding="ascii") as f:
                comm = f.read().strip()
            if comm != "checkpoint" and os.readlink(
                    p + "/exe").startswith(t.program) and any(
                        os.readlink(f).endswith("/demo.db")
                        for f in glob.glob(p + "/fd/*")):
                found += 1
        except OSError:
            pass
    return found


def models(t):
    """A model made by one worker is there for all others at once."""
    failed = []

    def use(model, n):
        try:
            ident = t.client.make(model, x_name="n%d" % n, x_count=n)
            answer = t.client.call("GET", "%s%s/%d" % (
                client.OBJECT, model, ident))[model]
            if (answer["x_name"], answer["x_twice"]) != ("n%d" % n, 2 * n):
                failed.append(repr(answer))
        except (client.Failed, KeyError) as e:
            failed.append(repr(e))

    for i in range(8):
        model = "x_e2e_%d" % i
        made = t.client.make(
            "ir.model", name="E2E", model=model, state="manual", field_id=[
                [0, 0, {"name": "x_name", "ttype": "char"}],
                [0, 0, {"name": "x_count", "ttype": "integer"}],
                [0, 0, {"name": "x_twice", "ttype": "integer", "store": True,
                        "compute": "x_count * 2"}]])
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for n in range(2 * WORKERS):
                pool.submit(use, model, n)
        groups = t.client.method(model, "read_group", domain=[],
                                 fields=["x_twice"], groupby=[])
        if groups[0]["x_twice"] != 240:
            failed.append(repr(groups))
        t.client.unlink("ir.model", made)
        status = t.client.ask("GET", client.OBJECT + model + "/search")[0]
        if status != 403:
            failed.append("%s is there still: %d" % (model, status))
    yield not failed, "8 models made, used by 8 clients at once, deleted", \
        "\n".join(failed[:5])
    yield serving(t) >= t.args.serving, "by %d workers" % serving(t)


def transfer(t):
    """cardfile import and export beside a server that is written to."""
    source = os.path.join(t.args.work, "tmp", "in.csv")
    out = os.path.join(t.args.work, "tmp", "out.csv")
    with open(source, "w", encoding="utf-8", newline="") as f:
        rows = csv.writer(f)
        rows.writerow(["id", "name", "country_id/id", "child_ids/name"])
        for i in range(1000):
            rows.writerow(["e2e.p%d" % i, "e2e-import", "base.be", "Ada"])

    def both(_):
        results = [t.run("import", "res.partner", source),
                   t.run("export", "res.partner", out, "--fields",
                         "id,name,country_id/id", "--domain",
                         "[('name','=','e2e-import')]")]
        return results, t.client.count("e2e-import")

    (results, count), written, failed = writing(t, both)
    yield all(ok for ok, _ in results), "import and export beside writers", \
        results
    yield count == 1000, "what was imported is served at once", count
    with open(out, encoding="utf-8", newline="") as f:
        rows = list(csv.reader(f))
    yield len(rows) == 1001 and ["e2e.p999", "e2e-import", "base.be"] in rows, \
        "what was exported is what was imported", rows[:3]
    yield not failed and written, "none of %d writes failed" % len(written), \
        failed[:5]


def copies(t):
    """A backup made beside writers, restored beside the server, is served
    without a restart."""
    archive = os.path.join(t.args.work, "tmp", "demo.backup")

    def backup(written):
        while not written:
            pass
        before = dict(written)
        return before, t.run("backup", "demo", archive)

    (before, (ok, said)), written, failed = writing(t, backup)
    yield ok and not failed, "a backup beside writers", [said, failed[:5]]
    done = [t.run("restore", archive, "copy", "--new-identity"),
            t.run("check", "copy")]
    yield all(ok for ok, _ in done), "it is restored under another name", done
    ok, key = t.run("key", "add", "--user", "admin", "--database", "copy")
    copy = client.Client(t.args.url, key.strip())
    rows = copy.read("res.partner", [["id", "in", sorted(written)]], "name")
    names = {r["id"]: r["name"] for r in rows}
    lost = [n for i, n in before.items() if names.get(i) != n]
    yield ok and not lost, "the server serves it, with all that was there", \
        lost[:5]
    wrong = [i for i, n in names.items() if written[i] != n]
    yield not wrong, "and nothing else under those ids", wrong
    ident = copy.create("e2e-only-here")
    yield copy.count("e2e-only-here") == 1 and \
        t.client.count("e2e-only-here") == 0, "both are written apart", ident
    row = copy.read("ir.attachment", [["name", "=", "second"]], "datas")
    yield len(row) == 1 and len(base64.b64decode(row[0]["datas"])) == 5 << 20 \
        and len(t.files("copy")) == 1, "files came along"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--url", required=True)
    p.add_argument("--key", required=True)
    p.add_argument("--work", required=True)
    p.add_argument("--serving", type=int, default=WORKERS)
    p.add_argument("--too-large", type=int, default=413)
    p.add_argument("--as", dest="runs", default="", type=str.split,
                   help="what runs a command as the servers' user")
    t = Test(p.parse_args())
    for part in (attachments, models, transfer, copies):
        for good, name, *why in part(t):
            print("%sok - %s" % ("" if good else "not ", name), flush=True)
            for line in () if good else str(why).split("\n"):
                print("# " + line[:2000], flush=True)


main()
