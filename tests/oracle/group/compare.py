#!/usr/bin/env python3
"""Compares read_group with one that looks at one record after the other.

Written from the semantics alone, without SQL.  Random records, random calls:
the same groups in the same order with the same numbers, and every __domain
finds the records of its group.  Writes TAP.
usage: compare.py [--count N] [--seed N] [PROGRAM]
"""

import argparse
import datetime
import functools
import json
import math
import os
import random
import subprocess
import sys
from fractions import Fraction

UNITS = ["day", "week", "month", "quarter", "year"]
KEYS = ["name", "city", "kind", "label", "age", "credit", "active",
        "is_company", "country_id", "parent_id", "tag_id", "tag_ids",
        "born", "seen"]
NUMBERS = ["age", "weight", "credit"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July",
          "August", "September", "October", "November", "December"]
ORDERS = {"country_id": ["name", "id"], "parent_id": ["display_name", "id"],
          "tag_id": ["id"], "tag_ids": ["id"]}
TARGETS = {"country_id": "country", "parent_id": "partner", "tag_id": "tag",
           "tag_ids": "tag"}


class Refused(Exception):
    pass


# --- periods

def start(day, unit):
    if unit == "week":
        return day - datetime.timedelta(day.weekday())
    if unit == "day":
        return day
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1,
             "year": 1}[unit]
    return day.replace(month=month, day=1)


def following(day, unit):
    if unit in ("day", "week"):
        return day + datetime.timedelta(1 if unit == "day" else 7)
    month = day.month + {"month": 1, "quarter": 3, "year": 12}[unit]
    return day.replace(year=day.year + (month - 1) // 12,
                       month=(month - 1) % 12 + 1)


def label(day, unit):
    if unit == "week":
        return "W%d %d" % (day.isocalendar()[1], day.isocalendar()[0])
    return {"day": "%02d %s %d" % (day.day, MONTHS[day.month - 1][:3],
                                   day.year),
            "month": "%s %d" % (MONTHS[day.month - 1], day.year),
            "quarter": "Q%d %d" % ((day.month - 1) // 3 + 1, day.year),
            "year": str(day.year)}[unit]


# --- values

def value(data, row, field):
    """What a record holds: numbers exact, dates as such, ids as numbers."""
    if field == "label":
        country = record(data, "country", row["country_id"])
        return "%s (%s)" % (row["name"] or "",
                            (country or {}).get("code") or "")
    v = row[field]
    if field == "credit" and v is not None:
        return Fraction(str(v))
    if field == "weight" and v is not None:
        return Fraction(v)
    if field == "born" and v is not None:
        return datetime.date.fromisoformat(v)
    if field == "seen" and v is not None:
        return datetime.datetime.fromisoformat(v)
    return v


def record(data, model, i):
    return None if i is None else data[model][i - 1]


class Key:
    """One of groupby."""

    def __init__(self, item):
        self.item = item
        self.field, _, unit = item.partition(":")
        self.unit = None
        if self.field in ("born", "seen"):
            self.unit = unit or "month"
            if self.unit not in UNITS:
                raise Refused(item)
        elif unit:
            raise Refused(item)

    def of(self, data, row):
        """The values by which a record is grouped."""
        if self.field == "tag_ids":
            return row["tag_ids"] or [None]
        v = value(data, row, self.field)
        if self.field in ("active", "is_company"):
            return [bool(v)]
        if self.unit and v is not None:
            return [start(v.date() if self.field == "seen" else v,
                          self.unit)]
        return [v]

    def shown(self, data, v):
        if v is None:
            return None
        if self.unit:
            return label(v, self.unit)
        if self.field in TARGETS:
            row = record(data, TARGETS[self.field], v)
            return [v, row["name" if self.field == "country_id" else
                           "display_name"]]
        return v

    def sorts(self, data, v):
        """What it is sorted by: a list, None is the greatest."""
        if self.field not in TARGETS or v is None:
            return [v] * (len(ORDERS[self.field])
                          if self.field in TARGETS else 1)
        row = record(data, TARGETS[self.field], v)
        return [row[f] for f in ORDERS[self.field]]

    def range(self, v):
        if v is None:
            return False
        end = " 00:00:00" if self.field == "seen" else ""
        return {"from": str(v) + end,
                "to": str(following(v, self.unit)) + end}


class Sum:
    """One of fields."""

    def __init__(self, item):
        self.alias, _, rest = item.partition(":")
        self.field, self.function = self.alias, rest or None
        if "(" in rest:
            self.function, self.field = rest[:-1].split("(")

    def check(self):
        numbers = self.field in NUMBERS
        if self.function in ("sum", "avg") and not numbers:
            raise Refused(self.field)
        flags = self.field in ("active", "is_company")
        if self.function in ("bool_and", "bool_or") and not flags:
            raise Refused(self.field)
        if self.function in ("min", "max") and flags:
            raise Refused(self.field)
        if self.field == "tag_ids":
            raise Refused(self.field)

    def of(self, data, rows):
        values = [value(data, r, self.field) for r in rows]
        values = [v for v in values if v is not None]
        if self.function == "count":
            return len(values)
        if self.function == "count_distinct":
            return len(set(values))
        if not values:
            return None
        if self.function == "sum":
            return sum(values)
        if self.function == "avg":
            return sum(Fraction(v) for v in values) / len(values)
        return {"min": min, "max": max, "bool_and": all,
                "bool_or": any}[self.function](values)


def compare(a, b):
    """None is the greatest."""
    if a is None or b is None:
        return (a is None) - (b is None)
    return (a > b) - (a < b)


def sums_of(asked, keys):
    taken = [k.item for k in keys]
    sums = []
    for item in asked.get("fields") or ["age", "weight", "credit"]:
        s = Sum(item)
        if s.function is None:
            if s.field not in NUMBERS or s.alias in taken:
                continue
            s.function = "sum"
        s.check()
        if s.alias in taken:
            raise Refused(s.alias)
        taken.append(s.alias)
        sums.append(s)
    return sums


def orders_of(asked, keys, sums, count):
    orders = []
    for part in filter(None, asked.get("orderby", "").split(",")):
        name, _, way = part.strip().partition(" ")
        for i, k in enumerate(keys):
            if name in (k.item, k.field):
                orders.append(("key", i, way == "desc"))
                break
        else:
            names = [s.alias for s in sums]
            if name in names:
                orders.append(("sum", names.index(name), way == "desc"))
            elif name in ("__count", count):
                orders.append(("count", 0, way == "desc"))
            else:
                raise Refused(name)
    return orders + [("key", i, False) for i in range(len(keys))]


def grouped(data, asked, ids):
    """The groups as dictionaries, and the ids of each."""
    by = asked.get("groupby", [])
    lazy = asked.get("lazy", True)
    rest = by[1:] if lazy else []
    keys = [Key(item) for item in (by[:1] if lazy else by)]
    count = keys[0].field + "_count" if lazy and keys else "__count"
    if len({k.item for k in keys}) < len(keys) or \
            sum(k.field == "tag_ids" for k in keys) > 1:
        raise Refused("groupby")
    sums = sums_of(asked, keys)
    orders = orders_of(asked, keys, sums, count)
    groups = {} if keys else {(): []}
    for i in ids:
        row = data["partner"][i - 1]
        places = [()]
        for k in keys:
            places = [p + (v,) for p in places for v in k.of(data, row)]
        for p in places:
            groups.setdefault(p, []).append(row)

    def order(a, b):
        for what, at, desc in orders:
            if what == "key":
                pairs = zip(keys[at].sorts(data, a[at]),
                            keys[at].sorts(data, b[at]))
            elif what == "sum":
                pairs = [(sums[at].of(data, groups[a]),
                          sums[at].of(data, groups[b]))]
            else:
                pairs = [(len(groups[a]), len(groups[b]))]
            for x, y in pairs:
                c = compare(x, y)
                if c:
                    return -c if desc else c
        return 0

    places = sorted(groups, key=functools.cmp_to_key(order))
    offset, limit = asked.get("offset", 0), asked.get("limit", 0)
    places = places[offset:offset + limit if limit else None]
    result = []
    for p in places:
        group = {k.item: k.shown(data, v) for k, v in zip(keys, p)}
        group[count] = len(groups[p])
        for s in sums:
            group[s.alias] = s.of(data, groups[p])
        ranges = {k.item: k.range(v) for k, v in zip(keys, p) if k.unit}
        if ranges:
            group["__range"] = ranges
        if rest:
            group["__context"] = {"group_by": rest}
        result.append(group)
    return result, [[r["id"] for r in groups[p]] for p in places]


def same(ours, want):
    if isinstance(want, dict):
        return isinstance(ours, dict) and ours.keys() == want.keys() and \
            all(same(ours[k], want[k]) for k in want)
    if isinstance(want, list):
        return isinstance(ours, list) and len(ours) == len(want) and \
            all(map(same, ours, want))
    if isinstance(want, Fraction):
        return isinstance(ours, (int, float)) and \
            math.isclose(ours, want, rel_tol=1e-12)
    if isinstance(want, (datetime.date, datetime.datetime)):
        want = str(want)
    return type(ours) is type(want) and ours == want


# --- random records and calls

def made(rnd):
    def maybe(v, often=0.8):
        return v if rnd.random() < often else None

    def word():
        return rnd.choice(["", "a", "A", "ä", "b", "bb", "Z", "zé", "€"])

    data = {"country": [], "tag": [], "partner": []}
    for i in range(1, 7):
        data["country"].append({"id": i, "name": maybe(word()),
                                "code": maybe(word())})
    for i in range(1, 8):
        data["tag"].append({"id": i, "name": word(), "display_name": word()})
    for i in range(1, 61):
        day = datetime.date(2019, 12, 20) + datetime.timedelta(
            rnd.choice([rnd.randrange(30), rnd.randrange(900)]))
        data["partner"].append({
            "id": i, "name": maybe(word()), "city": maybe(word()),
            "age": maybe(rnd.randrange(-3, 4)),
            "weight": maybe(rnd.randrange(-40, 40) / 4),
            "credit": maybe(rnd.randrange(-10 ** 15, 10 ** 15) / 100
                            if rnd.random() < 0.2 else
                            rnd.randrange(-300, 300) / 100),
            "active": maybe(rnd.random() < 0.7),
            "is_company": maybe(rnd.random() < 0.5),
            "born": maybe(str(day)),
            "seen": maybe("%s %02d:%02d:%02d" % (
                day, rnd.choice([0, 23, rnd.randrange(24)]),
                rnd.choice([0, 59]), rnd.choice([0, 59]))),
            "kind": maybe(rnd.choice("ab")),
            "country_id": maybe(rnd.randrange(1, 7)),
            "parent_id": maybe(rnd.randrange(1, i), 0.4) if i > 1 else None,
            "tag_id": maybe(rnd.randrange(1, 8)),
            "display_name": maybe(word())})
    for row in data["partner"]:
        row["tag_ids"] = rnd.sample(range(1, 8), rnd.choice([0, 1, 2, 3]))
    return data


def random_domain(rnd):
    term = rnd.choice([
        ["id", "<", rnd.randrange(62)], ["is_company", "=", True],
        ["city", "!=", False], ["active", "in", [True, False]],
        ["country_id", "=", rnd.randrange(1, 7)],
        ["credit", ">", rnd.randrange(-3, 3)],
        ["tag_ids", "=", rnd.randrange(1, 8)]])
    other = [rnd.choice(["id", "age"]), "!=", rnd.randrange(5)]
    return rnd.choice([[], [], [term], [term, other], ["|", term, other],
                       ["!", term], ["&", "!", term, other, term]])


def random_key(rnd):
    item = rnd.choice(KEYS)
    if item in ("born", "seen") and rnd.random() < 0.8:
        return item + ":" + rnd.choice(UNITS)
    return item if rnd.random() < 0.98 else item + ":hour"


def random_field(rnd):
    field = rnd.choice(KEYS + 3 * NUMBERS)
    function = rnd.choice(
        ["sum", "avg", "min", "max"] if field in NUMBERS else
        ["bool_and", "bool_or"] if field in ("active", "is_company") else
        ["min", "max"]) if rnd.random() < 0.9 else rnd.choice(
            ["sum", "bool_or", "min"])
    if rnd.random() < 0.3:
        function = rnd.choice(["count", "count_distinct"])
    alias = rnd.choice(["n", "m", "total"])
    return rnd.choice([field, field + ":" + function,
                       "%s:%s(%s)" % (alias, function, field)])


def random_call(rnd):
    asked = {"domain": random_domain(rnd),
             "groupby": [random_key(rnd)
                         for _ in range(rnd.choice([0, 1, 1, 1, 2, 2, 3]))],
             "lazy": rnd.random() < 0.4}
    if rnd.random() < 0.8:
        asked["fields"] = [random_field(rnd)
                           for _ in range(rnd.choice([1, 1, 2, 3]))]
    if rnd.random() < 0.5:
        names = asked["groupby"] + ["__count"] + [
            f.partition(":")[0] for f in asked.get("fields", ["age"])]
        asked["orderby"] = ", ".join(
            rnd.choice(names) + rnd.choice(["", " desc", " asc"])
            for _ in range(rnd.choice([1, 2])))
    if rnd.random() < 0.3:
        asked["limit"] = rnd.randrange(1, 6)
        asked["offset"] = rnd.choice([0, 0, 1, 4])
    return asked


def lines_of(data):
    for model in ("country", "tag", "partner"):
        for row in data[model]:
            yield "add %s %s" % (model, json.dumps(
                {k: v for k, v in row.items() if k not in ("id", "tag_ids")},
                ensure_ascii=False))
    for row in data["partner"]:
        for tag in row["tag_ids"]:
            yield "link %d %d" % (row["id"], tag)


def judge(data, asked, answer):
    """None, or what is wrong."""
    try:
        want, members = grouped(data, asked, answer.get("all", []))
    except Refused as why:
        return None if "refused" in answer else "should refuse %s" % why
    if "groups" not in answer:
        return "%s" % answer
    groups = [dict(g) for g in answer["groups"]]
    for g in groups:
        if not isinstance(g.pop("__domain", None), list):
            return "no __domain"
    if not same(groups, want):
        return "groups %s\n#   want %s" % (groups, want)
    if answer["each"] != members:
        return "domains find %s\n#   want %s" % (answer["each"], members)
    return None


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("program", nargs="?", default=os.path.join(
        os.environ.get("TOP_BUILDDIR", "."),
        "tests/oracle/group/group_dump"))
    options = options.parse_args()
    rnd = random.Random(options.seed)
    data = made(rnd)
    calls = [random_call(rnd) for _ in range(options.count)]
    lines = list(lines_of(data)) + ["group " + json.dumps(c) for c in calls]
    answer = subprocess.run([options.program], input="\n".join(lines) + "\n",
                            text=True, stdout=subprocess.PIPE, check=True)
    got = [json.loads(line) for line in answer.stdout.splitlines()]
    wrong = refused = many = 0
    for asked, ours in zip(calls, got):
        why = judge(data, asked, ours)
        refused += "refused" in ours
        many += len(ours.get("groups", [])) > 1
        if why is not None:
            wrong += 1
            if wrong <= 20:
                print("# %s\n#   %s" % (json.dumps(asked), why))
    good = not wrong and len(got) == len(calls)
    print("1..2\n%s 1 - %d calls group as they should (%d refused)" %
          ("ok" if good else "not ok", len(calls), refused))
    print("%s 2 - %d of them give several groups" %
          ("ok" if many > len(calls) // 3 else "not ok", many))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
