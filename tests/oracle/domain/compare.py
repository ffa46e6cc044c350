#!/usr/bin/env python3
"""Compares domains compiled to SQL with a second, brute-force evaluator.

The evaluator below looks at one record after the other and knows nothing of
SQL; it was written from the tables of the record semantics alone.  Random
records, random domains; both must find the same records, or both refuse.
Writes TAP.
usage: compare.py [--count N] [--seed N] [PROGRAM]
"""

import argparse
import datetime
import json
import os
import random
import re
import subprocess
import sys
from decimal import Decimal

OPPOSITE = {"=": "!=", "!=": "=", "<>": "=", "<": ">=", ">=": "<", ">": "<=",
            "<=": ">", "in": "not in", "not in": "in", "like": "not like",
            "not like": "like", "ilike": "not ilike", "not ilike": "ilike"}
OPERATORS = list(OPPOSITE) + ["=like", "=ilike", "=?"]
NEGATIVE = ("!=", "<>", "not in", "not like", "not ilike")

MODELS = {
    "country": {"id": "id", "name": "char", "code": "char",
                "display_name": "char"},
    "tag": {"id": "id", "name": "char", "parent_id": "tag",
            "display_name": "char"},
    "partner": {"id": "id", "name": "char", "city": "char", "age": "integer",
                "weight": "float", "credit": "monetary", "active": "boolean",
                "is_company": "boolean", "born": "date", "seen": "datetime",
                "kind": "selection", "country_id": "country",
                "parent_id": "partner", "tag_id": "tag",
                "display_name": "char"},
}
TEXTS = ("char", "selection")


class Refused(Exception):
    pass


# --- three-valued logic: None is unknown

def v_not(a):
    return None if a is None else not a


def v_and(a, b):
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def v_or(a, b):
    return v_not(v_and(v_not(a), v_not(b)))


# --- 1.1 grammar

def parse(tokens):
    """A tree of ('and'|'or', a, b), ('not', leaf), ('leaf', ...), bools."""
    if not isinstance(tokens, list):
        raise Refused("no list")
    if not tokens:
        return True
    result, wanted = [], 1
    for token in tokens:
        if wanted == 0:
            result.insert(0, "&")
            wanted = 1
        result.append(token)
        if isinstance(token, list):
            wanted -= 1
        elif token in ("&", "|"):
            wanted += 1
        elif token != "!":
            raise Refused("token")
    if wanted:
        raise Refused("incomplete")
    tree, rest = build(result, False)
    assert not rest
    return tree


def build(tokens, negate):
    token, rest = tokens[0], tokens[1:]
    if token == "!":
        return build(rest, not negate)
    if isinstance(token, list):
        return leaf(token, negate), rest
    a, rest = build(rest, negate)
    b, rest = build(rest, negate)
    return ("and" if (token == "&") != negate else "or", a, b), rest


def leaf(token, negate):
    if len(token) != 3:
        raise Refused("arity")
    left, op, right = token
    if token in ([1, "=", 1], [0, "=", 1]):
        return bool(left) != negate
    if not isinstance(left, str) or left == "" or op not in OPERATORS:
        raise Refused("leaf")
    wrap = negate and op not in OPPOSITE
    if negate and not wrap:
        op = OPPOSITE[op]
    if op == "<>":
        op = "!="
    if op == "=?" and not unset(right):
        op = "="
    if op in ("in", "not in") and isinstance(right, bool):
        op = "=" if op == "in" else "!="
    elif op in ("=", "!=") and isinstance(right, list):
        op = "in" if op == "=" else "not in"
    node = ("leaf", left, op, right)
    return ("not", node) if wrap else node


# --- 1.4 conversion

def unset(v):
    return v is None or v is False


def to_text(v):
    if isinstance(v, (list, dict)):
        raise Refused("text")
    return str(v)


def to_number(v, make):
    if isinstance(v, (list, dict)):
        raise Refused("number")
    try:
        return make(v or 0)
    except (ValueError, TypeError, ArithmeticError):
        raise Refused("number") from None


def to_decimal(v):
    if isinstance(v, str) and not re.fullmatch(
            r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", v, re.I | re.A):
        raise Refused("number")
    if isinstance(v, (list, dict)):
        raise Refused("number")
    return Decimal(int(v) if isinstance(v, bool) else str(v))


def to_date(v):
    if not isinstance(v, str) or len(v) > 10 and v[10] != " ":
        raise Refused("date")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", v[:10], re.A):
        raise Refused("date")
    try:
        return datetime.date.fromisoformat(v[:10])
    except ValueError:
        raise Refused("date") from None


def to_datetime(v, op):
    if isinstance(v, str) and len(v) == 10:
        day = to_date(v)
        late = datetime.time(23, 59, 59) if op in (">", "<=") else \
            datetime.time()
        return datetime.datetime.combine(day, late)
    try:
        return datetime.datetime.strptime(v, "%Y-%m-%d %H:%M:%S")
    except (ValueError, TypeError):
        raise Refused("datetime") from None


def operand(kind, v, op):
    if kind in TEXTS:
        return None if unset(v) else to_text(v)
    if kind == "boolean":
        if isinstance(v, (list, dict)):
            raise Refused("boolean")
        return bool(v)
    if kind == "id" and isinstance(v, str):
        raise Refused("id")
    if kind in ("integer", "id"):
        if v == "":
            raise Refused("number")
        return to_number(v, int)
    if kind in ("float", "monetary"):
        number = to_decimal(0 if v is None else v)
        return float(number) if kind == "float" else number
    if unset(v):
        return None
    if kind == "date":
        return to_date(v)
    if kind == "datetime":
        return to_datetime(v, op)
    if isinstance(v, bool) or not isinstance(v, int):
        raise Refused("id")
    return v


# --- 1.5 patterns

def pattern(text):
    """A regular expression; None for one that matches nothing."""
    out, i = [], 0
    while i < len(text):
        c = text[i]
        if c == "\\":
            i += 1
            if i == len(text):
                return None
            out.append(re.escape(text[i]))
        else:
            out.append({"%": ".*", "_": "."}.get(c, re.escape(c)))
        i += 1
    return re.compile("".join(out), re.S)


def shown(kind, c):
    if kind == "boolean":
        return "true" if c else "false"
    if kind == "monetary":
        return "%.2f" % c
    return str(c)


def like(kind, text, fold):
    regex = pattern(text.casefold() if fold else text)

    def test(c):
        if c is None:
            return None
        c = shown(kind, c)
        return regex is not None and \
            regex.fullmatch(c.casefold() if fold else c) is not None
    return test


# --- 1.2, 1.3: a leaf on a plain field, as a function of its value

def plain(kind, op, v):
    if op in ("like", "ilike", "not like", "not ilike"):
        text = to_text(v) if v else ""
        matches = like(kind, "%" + text + "%", op.endswith("ilike"))
        if op.startswith("not"):
            return lambda c: c is None or not matches(c)
        return lambda c: not v if c is None else matches(c)
    if op in ("=like", "=ilike"):
        if unset(v):
            return lambda c: None
        return like(kind, to_text(v), op == "=ilike")
    if op in ("in", "not in"):
        return members(kind, op, v)
    if op in ("=", "!="):
        return equal(kind, op, v)
    right = operand(kind, v, op)
    if right is None:
        return lambda c: None
    compare = {"<": lambda c: c < right, "<=": lambda c: c <= right,
               ">": lambda c: c > right, ">=": lambda c: c >= right}[op]
    return lambda c: None if c is None else compare(c)


def equal(kind, op, v):
    if kind == "boolean" and v is False:
        return (lambda c: not c) if op == "=" else (lambda c: c is True)
    if unset(v):
        return (lambda c: c is None) if op == "=" else \
            (lambda c: c is not None)
    right = operand(kind, v, op)
    if op == "=":
        return lambda c: None if c is None else c == right
    return lambda c: bool(v) if c is None else c != right


def members(kind, op, v):
    if not isinstance(v, list):
        raise Refused("list")
    if kind == "boolean":
        wanted = {b for b in (True, False) if b in v}
        null = False in wanted
    else:
        wanted = {operand(kind, m, op) for m in v if not unset(m)}
        null = any(unset(m) for m in v)
    if op == "in":
        unknown = True if null else None if wanted else False
        return lambda c: unknown if c is None else c in wanted
    return lambda c: not null if c is None else c not in wanted


# --- 1.6, 1.8: many2one and dotted paths

def names(value):
    return isinstance(value, str) or isinstance(value, list) and value and \
        all(isinstance(v, str) for v in value)


def by_name(data, model, op, v):
    """The ids that a name search finds."""
    if op in ("<", "<=", ">", ">="):
        op = "in"
    if isinstance(v, list):
        op = {"=": "in", "!=": "not in"}.get(op, op)
    else:
        op = {"in": "=", "not in": "!="}.get(op, op)
    if v == "" and op in ("like", "ilike"):
        return {r["id"] for r in data[model]}
    test = plain("char", op, v)
    return {r["id"] for r in data[model] if test(r["display_name"])}


def term(data, model, path, op, v):
    first, dot, rest = path.partition(".")
    kind = MODELS[model].get(first)
    if kind is None or dot and kind not in MODELS:
        raise Refused("path")
    if dot:
        test = term(data, kind, rest, op, v)
        ids = {r["id"] for r in data[kind] if test(r)}
    elif op == "=?":
        return lambda r: True
    elif kind in MODELS and names(v):
        ids = by_name(data, kind, op, v)
        if op in NEGATIVE:
            return lambda r: r[first] is None or r[first] in ids
    else:
        test = plain(kind, op, v)
        return lambda r: test(r[first])
    return lambda r: None if r[first] is None else r[first] in ids


def compiled(data, model, tree):
    if isinstance(tree, bool):
        return lambda r: tree
    if tree[0] == "leaf":
        return term(data, model, *tree[1:])
    a = compiled(data, model, tree[1])
    if tree[0] == "not":
        return lambda r: v_not(a(r))
    b = compiled(data, model, tree[2])
    join = v_and if tree[0] == "and" else v_or
    return lambda r: join(a(r), b(r))


def found(data, model, domain):
    try:
        test = compiled(data, model, parse(domain))
    except Refused:
        return "refused"
    return ",".join(str(r["id"]) for r in data[model] if test(r) is True)


# --- random records and domains

WORDS = ["", "a", "A", "ab", "Ab", "b%", "a_b", "a\\b", "ö", "Ö", "straße",
         "STRASSE", "5", "0", "x, y", "c"]
PATTERNS = WORDS + ["%", "_", "a%", "%b", "\\%", "a\\", "__", "%a_%", "SS"]
NUMBERS = [0, 1, -1, 5, 7, 50]
FRACTIONS = [0, 0.5, 2.5, 2.51, -2.5, 7]
DAYS = ["2017-07-11", "2017-07-12", "2017-07-13", "2020-02-29"]
TIMES = ["2017-07-12 00:00:00", "2017-07-12 12:30:00", "2017-07-12 23:59:59",
         "2017-07-13 00:00:00"]
STORED = {
    "char": WORDS, "integer": NUMBERS, "float": FRACTIONS,
    "monetary": FRACTIONS, "boolean": [True, False], "date": DAYS,
    "datetime": TIMES, "selection": ["a", "b"],
}
OPERANDS = {
    "char": PATTERNS + [5, 0, True, 2.5], "id": [0, 1, 2, 3, 9, 99],
    "integer": NUMBERS + ["5", "-1", 3.9, -3.9, 2.0, "x", "3.9", True],
    "float": FRACTIONS + ["2.5", "x", True, 1e3],
    "monetary": FRACTIONS + ["2.50", 2.505, -2.499, "x", "2.5e0", 0.001],
    "boolean": [True, False, 0, 1, "x", "", 2.5],
    "date": DAYS + ["2017-07-12 10:00:00", "2017-02-30", "x", 5, ""],
    "datetime": TIMES + DAYS + ["2017-07-12T10:00:00", "x", 5],
    "selection": ["a", "b", "c", 5],
}


def made(rnd, model, count, data):
    rows = []
    for number in range(1, count + 1):
        row = {"id": number}
        for name, kind in MODELS[model].items():
            if name == "id":
                continue
            if name == "display_name" and model == "country":
                row[name] = row["name"]
            elif rnd.random() < 0.3:
                row[name] = None
            elif kind == model:
                row[name] = rnd.randint(1, number)
            elif kind in MODELS:
                row[name] = rnd.choice(data[kind])["id"]
            else:
                row[name] = rnd.choice(STORED[kind])
        rows.append(row)
    return rows


def typed(data):
    """The values as the evaluator compares them."""
    make = {"monetary": lambda v: Decimal(str(v)), "float": float,
            "date": datetime.date.fromisoformat,
            "datetime": datetime.datetime.fromisoformat}
    for model, rows in data.items():
        for row in rows:
            for name, kind in MODELS[model].items():
                if row[name] is not None and kind in make:
                    row[name] = make[kind](row[name])


def random_path(rnd, model, depth=0):
    name = rnd.choice(list(MODELS[model]))
    kind = MODELS[model][name]
    if rnd.random() < 0.01:
        return rnd.choice(["nme", name + ".", name + ".x", ""]), "char"
    if kind in MODELS and depth < 3 and rnd.random() < 0.6:
        rest, kind = random_path(rnd, kind, depth + 1)
        return name + "." + rest, kind
    return name, kind


def random_operand(rnd, kind):
    if rnd.random() < 0.15:
        return rnd.choice([None, False])
    if rnd.random() < 0.03:
        return rnd.choice([True, [], {}, "x", 5, 2.5])
    if kind in MODELS:
        return rnd.choice(WORDS if rnd.random() < 0.5 else OPERANDS["id"])
    return rnd.choice(OPERANDS[kind])


def random_leaf(rnd, model):
    if rnd.random() < 0.03:
        return rnd.choice([[1, "=", 1], [0, "=", 1], [True, "=", 1]])
    path, kind = random_path(rnd, model)
    op = rnd.choice(OPERATORS)
    if rnd.random() < 0.005:
        op = rnd.choice(["ILIKE", "==", "child", ""])
    if "like" in op and rnd.random() < 0.8:
        right = rnd.choice(PATTERNS + [5, "-", "2017", "2.5", "t"])
    elif op in ("in", "not in") and rnd.random() < 0.97 or \
            rnd.random() < 0.03:
        right = [random_operand(rnd, kind) for _ in range(rnd.randint(0, 4))]
        right = [r for r in right if not isinstance(r, (list, dict))]
    else:
        right = random_operand(rnd, kind)
    if rnd.random() < 0.004:
        return [path, op]
    return [path, op, right]


def random_domain(rnd, model):
    tokens, wanted = [], rnd.randint(1, 3)
    while wanted:
        roll = rnd.random()
        if roll < 0.25 and len(tokens) < 20:
            tokens.append(rnd.choice("&|"))
            wanted += 1
        elif roll < 0.45:
            tokens.append("!")
        else:
            tokens.append(random_leaf(rnd, model))
            wanted -= 1
    if rnd.random() < 0.01:
        tokens.insert(rnd.randint(0, len(tokens)), rnd.choice(["&", "!", 5]))
    return tokens


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("program", nargs="?", default=os.path.join(
        os.environ.get("TOP_BUILDDIR", "."),
        "tests/oracle/domain/domain_dump"))
    options = options.parse_args()
    rnd = random.Random(options.seed)
    data, lines, asked = {}, [], []
    for model, count in (("country", 6), ("tag", 8), ("partner", 40)):
        data[model] = made(rnd, model, count, data)
        for row in data[model]:
            vals = {k: v for k, v in row.items() if k != "id" and
                    not (k == "display_name" and model == "country")}
            lines.append("add %s %s" % (model, json.dumps(vals)))
    typed(data)
    for _ in range(options.count):
        model = rnd.choice(["partner", "partner", "partner", "tag",
                            "country"])
        domain = random_domain(rnd, model)
        asked.append((model, domain))
        lines.append("find %s %s" % (model, json.dumps(domain)))
    answer = subprocess.run([options.program], input="\n".join(lines) + "\n",
                            text=True, stdout=subprocess.PIPE, check=True)
    got = answer.stdout.splitlines()
    wrong = refused = some = 0
    for (model, domain), ours in zip(asked, got):
        want = found(data, model, domain)
        refused += want == "refused"
        some += want not in ("refused", "")
        if ours.split(":")[0] != want:
            wrong += 1
            print("# %s %s\n#   ours: %s\n#   want: %s" %
                  (model, json.dumps(domain), ours, want))
    good = not wrong and len(got) == len(asked)
    print("1..2\n%s 1 - %d domains find what they should (%d refused)" %
          ("ok" if good else "not ok", len(asked), refused))
    print("%s 2 - %d of them find records" %
          ("ok" if some > len(asked) // 4 else "not ok", some))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
