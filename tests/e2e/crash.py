"""Workers are killed in the middle of everything that one request may do:
nested creates, stored computes, models and fields, load.  What was
acknowledged is there, and of what was not there is all or nothing."""
import argparse
import random
import signal
import threading
import time

import client
import load


class Writer(threading.Thread):
    """Does one thing after another, and remembers what was acknowledged."""

    def __init__(self, args, number):
        super().__init__()
        self.client = client.Client(args.url, args.key)
        self.number = number
        self.stopping = False
        self.acknowledged = self.lost = 0
        self.faults = []
        self.begin()

    def begin(self):
        pass

    def run(self):
        n = 0
        while not self.stopping:
            n += 1
            try:
                self.step(n)
                self.acknowledged += 1
            except client.Failed as e:
                self.lost += 1
                self.unknown(n, e)

    def unknown(self, n, error):
        """A refusal is a fault, no answer is none."""
        if "Remote" not in str(error) and ": 500 " not in str(error) \
                and ": 502 " not in str(error) and ": 503 " not in str(error):
            self.faults.append("%s: %s" % (type(self).__name__, error))

    def differ(self, what, got, wanted):
        if got != wanted:
            self.faults.append("%s %s: %r, not %r" % (
                type(self).__name__, what, got, wanted))


class Nested(Writer):
    """A partner with categories and with contacts that have contacts."""

    def begin(self):
        self.made = {}

    def name(self, n):
        return "e2e-nest-%d-%d" % (self.number, n)

    def step(self, n):
        name = self.name(n)
        leaves = [[0, 0, {"name": name + "-leaf"}] for _ in range(3)]
        lines = [[0, 0, {"name": name + "-line", "child_ids": leaves}]
                 for _ in range(4)]
        self.made[n] = None
        self.made[n] = self.client.create(name, child_ids=lines, category_id=[
            [0, 0, {"name": name + "-%d" % i}] for i in range(2)])

    def check(self):
        for n, ident in self.made.items():
            name = self.name(n)
            rows = self.client.read("res.partner", [["name", "=", name]],
                                    "category_id")
            count = self.client.count
            got = (len(rows), count(name + "-line"), count(name + "-leaf"),
                   len(rows[0]["category_id"]) if rows else 0)
            if ident is None and not rows:
                self.differ(name, got, (0, 0, 0, 0))
            else:
                self.differ(name, got, (1, 4, 12, 2))


class Compute(Writer):
    """Lines change; a stored sum over them, and one over it, follow."""

    def begin(self):
        c, n = self.client, self.number
        self.line, self.order = "x_line_%d" % n, "x_order_%d" % n
        self.total = 0
        order = c.make("ir.model", name="Order", model=self.order,
                       state="manual", field_id=[
                           [0, 0, {"name": "x_name", "ttype": "char"}]])
        c.make("ir.model", name="Line", model=self.line, state="manual",
               field_id=[[0, 0, {"name": "x_order_id", "ttype": "many2one",
                                 "relation": self.order}],
                         [0, 0, {"name": "x_price", "ttype": "integer"}]])
        for name, more in (
                ("x_line_ids", {"ttype": "one2many", "relation": self.line,
                                "relation_field": "x_order_id"}),
                ("x_total", {"ttype": "integer", "store": True,
                             "compute": "sum(x_line_ids, x_price)"}),
                ("x_label", {"ttype": "char", "store": True, "compute":
                             "if(x_total > 100, 'much', 'little')"})):
            c.make("ir.model.fields", model_id=order, name=name, **more)
        self.record = c.make(self.order, x_name="one", x_line_ids=[
            [0, 0, {"x_price": 0}] for _ in range(20)])
        self.lines = c.read(self.order, [], "x_line_ids")[0]["x_line_ids"]
        self.may = [{0} for _ in self.lines]

    def step(self, n):
        """Each line's price is one of those that it may have."""
        at = random.sample(range(20), 5)
        for i in at:
            self.may[i].add(n)
        self.client.write(self.order, self.record, x_line_ids=[
            [1, self.lines[i], {"x_price": n}] for i in at])
        for i in at:
            self.may[i] = {n}

    def check(self):
        rows = self.client.read(self.line, [["id", "in", self.lines]],
                                "x_price")
        prices = {r["id"]: r["x_price"] for r in rows}
        for ident, may in zip(self.lines, self.may):
            if prices.get(ident) not in may:
                self.differ("line", prices.get(ident), may)
        order = self.client.read(self.order, [], "x_total", "x_label")[0]
        total = sum(prices.values())
        self.differ("total", (order["x_total"], order["x_label"]),
                    (total, "much" if total > 100 else "little"))


class Custom(Writer):
    """Fields come and go, on models that others use and on its own."""

    def begin(self):
        self.model = "x_ddl_%d" % self.number
        self.fields, self.doubtful = {}, set()
        self.record = self.client.make("ir.model", name="DDL", state="manual",
                                      model=self.model)

    def step(self, n):
        name = "x_e2e_%d_%d" % (self.number, n)
        model = random.choice([self.model, "res.partner"])
        kind = random.choice([
            {"ttype": "char", "index": True},
            {"ttype": "char", "text_index": True},
            {"ttype": "many2many", "relation": "res.users",
             "relation_table": name + "_rel"},
            {"ttype": "char", "compute": "display_name + '!'",
             "store": True}])
        self.doubtful.add((model, name))
        ident = self.client.make("ir.model.fields", model=model, name=name,
                                 **kind)
        self.doubtful.discard((model, name))
        self.fields[model, name] = ident
        if len(self.fields) > 6:
            gone = random.choice(list(self.fields))
            self.doubtful.add(gone)
            self.client.unlink("ir.model.fields", self.fields.pop(gone))
            self.doubtful.discard(gone)

    def check(self):
        for model in (self.model, "res.partner"):
            got = self.client.method(model, "fields_get")
            there = {f for f in got if f.startswith(
                "x_e2e_%d_" % self.number)}
            sure = {f for m, f in self.fields if m == model}
            doubt = {f for m, f in self.doubtful if m == model}
            self.differ("fields of " + model, there - doubt, sure - doubt)
            self.client.read(model, [["id", "<", 20]], *there)


class Load(Writer):
    """Loads of 60 rows, made and changed by their external ids."""

    def begin(self):
        self.done = {}

    def prefix(self, n):
        return "e2e-load-%d-%d-" % (self.number, n)

    def step(self, n):
        self.done[n] = False
        answer = self.client.method(
            "res.partner", "load", fields=["id", "name", "child_ids/name"],
            data=[["e2e.l%d_%d_%d" % (self.number, n, i),
                   self.prefix(n) + str(i), "Ada"] for i in range(60)])
        self.differ("ids", len(answer["ids"] or []), 60)
        self.done[n] = True

    def check(self):
        for n, sure in self.done.items():
            found = self.client.method("res.partner", "search", domain=[
                ["name", "=like", self.prefix(n) + "%"]])
            if found or sure:
                self.differ(self.prefix(n), len(found), 60)


def worker(master):
    """The list of children has gaps while some of them end."""
    while True:
        found = load.children(master)
        if found:
            return random.choice(found)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--url", required=True)
    p.add_argument("--key", required=True)
    p.add_argument("--master", type=int, required=True)
    p.add_argument("--kills", type=int, default=25)
    args = p.parse_args()
    kinds = (Nested, Compute, Custom, Load, Nested, Compute, Load)
    writers = [kind(args, i) for i, kind in enumerate(kinds)]
    for w in writers:
        w.start()
    try:
        for _ in range(args.kills):
            time.sleep(random.uniform(0.05, 0.4))
            load.hit(worker(args.master), signal.SIGKILL)
    finally:
        for w in writers:
            w.stopping = True
        for w in writers:
            w.join()
    tests = []
    for kind in dict.fromkeys(kinds):
        mine = [w for w in writers if isinstance(w, kind)]
        for w in mine:
            w.check()
        faults = [f for w in mine for f in w.faults]
        tests.append((not faults, "%s: all of %d acknowledged, %d unknown" % (
            kind.__name__.lower(), sum(w.acknowledged for w in mine),
            sum(w.lost for w in mine)), faults))
    tests.append((sum(w.lost for w in writers) > args.kills // 5,
                  "requests were under way when workers were killed", []))
    for good, name, why in tests:
        print("%sok - %s" % ("" if good else "not ", name))
        for line in [] if good else why[:10]:
            print("# " + line)


if __name__ == "__main__":
    main()
