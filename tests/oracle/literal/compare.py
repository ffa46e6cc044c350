#!/usr/bin/env python3
"""Compares literal_parse with ast.literal_eval, parse_json with json.loads.

Both must give the same value, or both refuse, but for the differences of
docs/api/literals.md, each of which is listed here and must turn up.
Writes TAP.  usage: compare.py [--count N] [--seed N] [PROGRAM]
"""

import argparse
import ast
import json
import math
import os
import random
import re
import struct
import subprocess
import sys
import unicodedata
import warnings

DEPTH = 32
KEYS = 1000
REFUSED = None

# What one side takes and the other does not, see docs/api/literals.md.
LITERAL_DIFFERENCES = {
    "words of JSON": "null, true and false are taken",
    "white space around": "the value may be indented",
    "set": "refused", "complex": "refused", "ellipsis": "refused",
    "key": "keys are texts only", "big integer": "beyond 64 bit: refused",
    "infinity": "1e999: refused", "surrogate": "refused",
    "NUL": "refused in texts", "depth": "more than 32 levels: refused",
    "many keys": "more than 1,000 keys: refused",
    "comment": "refused", "continued line": "refused",
    "sign before parenthesis": "refused", "bare tuple": "refused",
    "named character": r"\N{...}: refused",
}
JSON_DIFFERENCES = {
    "big integer": "beyond 64 bit: refused",
    "infinity": "also NaN: refused", "surrogate": "refused",
    "NUL": "refused", "depth": "more than 32 levels: refused",
    "many keys": "more than 1,000 keys: refused",
    "key twice": "refused",
}

LITERAL_SEEDS = r"""
None|True|False|null|true|false|[null, true]|{'a': false}|nullx|Nonenull
0|1|-1|+1|- 1|--1|-+1|-True|01|00|0_0|0_1|1_000|1__0|1_|_1|0x1F|0X_1f|0x|0o17
0b101|0b12|0o8|0x_|0b_1|08|09.5|01e2|0777.|1.|.5|.|1.5e3|1e5|1E+5|1e-5|1e|1e+
1._5|1_.5|1.5_5|1_0e1_0|1e1_|._5|.e5|1.e5|1..|1.5.5|-0|-0.0|0.1|1e999|-1e999
9223372036854775807|9223372036854775808|-9223372036854775808|1e-999|4.9e-324
-9223372036854775809|0xffffffffffffffff|-0x8000000000000000|123456789012345678
1j|1+2j|-(1)|(1)|((1))|+(2.5)|-( 1 )|1+1|2**3|...|[...]|1 2|1a|1if|0xg|0b1f
''|""|'a'|"a"|'''a'''|'''a'b''c'''|'''a\nb'''|''''|'''''|''''''|'a' 'b'|'a'"b"
u'a'|U'a'|r'a\n'|R"\\"|b'a'|B'\xff'|br'\x'|Rb'\n'|bR''|ur'a'|rr'a'|bb'a'|f'a'
ub'a'|'a'b'b'|b'a' b'c'|u'a' r'\b'|['a' 'b', 'c']|'a' 1|r'\'|r'\''|'\'|'a
'\\'|'\''|'\"'|'\a\b\f\n\r\t\v'|'\0'|'\1'|'\012'|'\777'|'\8'|'\x41'|'\x4'|'\xg'
'\u00e9'|'\u12'|'\U0001F600'|'\U00110000'|'\ud800'|'\ud83d\ude00'|'\d'|'\q\w'
b'\u00e9'|b'\N{DASH}'|b'\777'|b'\0'|b'é'|'\N{EN DASH}'|'\N{nothing}'|r'\N{x}'|'é'
[]|[1]|[1,]|[,]|[1,,2]|[1 2]|[1|]|()|(1,)|(,)|(1,2)|(1 2)|(|)|1,|1,2|'a','b'
{}|{'a':1}|{'a':1,}|{,}|{'a'}|{1}|{1,2}|{1:2}|{b'a':1}|{None:1}|{(1,):2}|{'a' 1}
{'a':1,'a':2}|{'a':1,'b':2,'a':3}|{'a' 'b': 1}|{('a'): 1}|{'a':}|{:1}|{**{}}|{'a':{'b':[]}}
[*[1]]|set()|{'a': {1}}|[1j]|['\ud800']|[('a', '=', 1), '|', ("b", 'in', [1, 2])]
  1|1  |[ 1 , 2 ]|{ 'a' : 1 }|a|a.b|a()|lambda: 1|__import__('os')|x := 1|not 1|-'a'
# c|[1 # c|'#'|@|$|`|1;|é|Ｎone|[1]]|{'a':1}}|'a' if 1 else 2|[x for x in []]
"""

LITERAL_ODD = [
    "", " ", "\n", "\n1", "\n 1", " \n1", "\t1", "\f1", "\v1", "1\n", "1\n\n",
    "1\n ", "1\r\n", "\r\n1", "1\n2", "[1,\n2]", "[\r\n1\r\n]", "-\n1",
    "(-\n1)", "'a'\n'b'", "('a'\n'b')", "'a\nb'", "'a\rb'", "'a\\\nb'",
    "'a\\\r\nb'", "'''a\r\nb\rc'''", "r'a\\\nb'", "r'''a\\\r\nb'''",
    "[1, # c\n2]", "[1]  # c", "[1, \\\n2]", "1\\\n", "'a' \\\n'b'", "'\\\n'",
    "\ufeff1", "'\ufeff'", "'\x00'", "'\x01\x7f'", "1\x00", "\u00a01",
    "'\U0001f600'", "b'\x7f'", "[" * 32 + "]" * 32, "[" * 33 + "]" * 33,
    "(" * 40 + "1" + ")" * 40, "{'a':" * 33 + "1" + "}" * 33, "[" * 150,
    "{" + ",".join("'%d':0" % i for i in range(1000)) + "}",
    "{" + ",".join("'%d':0" % i for i in range(1001)) + "}",
    "1" * 5000, "0." + "1" * 5000, "'" + "x" * 70000 + "'", "'a' " * 3000,
]

JSON_SEEDS = r"""
null|true|false|nul|nulll|True|None|0|-0|-|1|-1|+1|01|-01|1.|.5|1.5|1e5|1E+5|1e|1e+
-0.0|1.e5|0.1|9223372036854775807|9223372036854775808|-9223372036854775808|0x1
-9223372036854775809|18446744073709551616|1e400|-1e400|1e-400|NaN|Infinity|-Infinity
""|"a"|'a'|"a|"\"\\\/\b\f\n\r\t"|"\u00e9"|"\u00E9"|"\u12"|"\u 123"|"\x41"|"\a"|"\0"
"\ud83d\ude00"|"\ud83d"|"\ude00"|"\ud83d\u0041"|"\ud83dx"|"\ud83d\ud83d\ude00"|"\u0000"
[]|[1]|[1,]|[,]|[1,,2]|[1 2]|[1|]|{}|{"a":1}|{"a":1,}|{"a"}|{"a" 1}|{'a':1}|{a:1}
{"a":1,"a":2}|{"a":1,"\u0061":2}|{"a":{"b":1,"b":2}}|[{},{"a":1,"a":2}]|{"":1}|{"a":}
{"a":[1,{"b":null}]}|[1]]|1 2|// c|[1/**/]|"é"|é|[NaN]|{"a":1e400}|[1.0,2]|1_000|(1)
"""

JSON_ODD = [
    "", " ", "\n", " 1 ", "\n1\r\n\t", "\f1", "\v1", "\"a\nb\"", "\"\t\"",
    "\"\x7f\"", "\"\x00\"", "1\x00", "\ufeff1", "\"\ufeff\"", "\u00a01",
    "[" * 32 + "]" * 32, "[" * 33 + "]" * 33, "[" * 5000,
    '{"a":' * 33 + "1" + "}" * 33,
    "{" + ",".join('"%d":0' % i for i in range(1000)) + "}",
    "{" + ",".join('"%d":0' % i for i in range(1001)) + "}",
    "1" * 400 + ".5", "0." + "1" * 5000, "[" + "{}," * 3000 + "{}]",
    '"' + "x" * 70000 + '"', "1" * 299 + ".5", "1" * 310 + ".5",
]

ALPHABET = list("[](){},:'\"\\ \n\r\t#+-._0123456789eExXobujrRBUNTFn") + [
    "None", "True", "null", "true", "false", "\\x4", "\\u", "\\N{DASH}", "é",
    "\U0001f600", "'''", '"""', "\\\n", "\r\n", "\\0", "1e5", "0x", "b'",
    "[]", "()", "{}", "\\ud83d", "\\ude00", "\\\"", "9223372036854775808",
]


def split_seeds(text):
    """The seeds of a block, one between bars."""
    seeds = []
    for line in text.strip("\n").split("\n"):
        seeds += line.split("|")
    return seeds


class Maker:
    """Makes texts: well-formed ones, and ones that were, once."""

    def __init__(self, rng, seeds, is_json):
        self.rng = rng
        self.seeds = seeds
        self.json = is_json

    def space(self):
        if self.rng.random() < 0.8:
            return ""
        return self.rng.choice([" ", "  ", "\t", "\n", "\r\n", " \n"])

    def number(self):
        rng = self.rng
        kind = rng.randrange(8)
        if kind == 0:
            return str(rng.choice([2**63 - 1, 2**63, -2**63, -2**63 - 1,
                                   rng.randrange(-2**65, 2**65)]))
        if kind == 1:
            return repr(rng.uniform(-1, 1) * 10.0 ** rng.randrange(-330, 308))
        if kind == 2:
            return "%de%d" % (rng.randrange(-99, 99), rng.randrange(-400, 400))
        if kind == 3 and not self.json:
            return rng.choice(["0x%x", "0X%X", "0o%o", "%d_000", "%d.",
                               ".%d"]) % rng.randrange(1 << 40)
        if kind == 4 and not self.json:
            return "0b" + bin(rng.randrange(1 << 30))[2:]
        return str(rng.randrange(-1000, 1000))

    def character(self, quote):
        rng = self.rng
        kind = rng.randrange(12)
        if kind < 7:
            c = chr(rng.randrange(32, 127))
            return "\\" + c if c in (quote, "\\") else c
        if kind == 7:
            return chr(rng.choice([0xe9, 0x3b1, 0x4e2d, 0x1f600, 0x7f, 0xff]))
        if kind == 8:
            return "\\" + rng.choice("nrtbf\"\\")
        if kind == 9:
            return "\\u%04x" % rng.choice(
                [0x41, 0xe9, 0x20ac, rng.randrange(1, 65536)])
        if kind == 10 and not self.json:
            return rng.choice(["\\x%02x", "\\%o", "\\U%08x"]) % \
                rng.randrange(1, 256)
        code = rng.randrange(0x10000, 0x110000) - 0x10000
        return "\\u%04x\\u%04x" % (0xd800 + (code >> 10),
                                   0xdc00 + (code & 1023))

    def string(self):
        rng = self.rng
        quote = '"' if self.json else rng.choice("'\"")
        text = quote + "".join(self.character(quote)
                               for _ in range(rng.randrange(6))) + quote
        if self.json:
            return text
        if rng.random() < 0.1:
            text = quote * 2 + text + quote * 2
        if rng.random() < 0.2:
            text = rng.choice(["u", "r", "b", "br", "Rb", "B"]) + text
        if rng.random() < 0.1:
            text += self.space() + self.string()
        return text

    def members(self, depth, key):
        rng = self.rng
        items = []
        for _ in range(rng.randrange(5)):
            item = self.space() + self.value(depth - 1) + self.space()
            if key:
                item = self.space() + self.string() + self.space() + ":" + item
            items.append(item)
        text = ",".join(items)
        return text + "," if items and rng.random() < 0.1 else text

    def value(self, depth):
        kind = self.rng.randrange(10 if depth > 0 else 6)
        if kind == 0:
            return self.rng.choice(["null", "true", "false"] if self.json else
                                   ["None", "True", "False", "null", "true"])
        if kind < 3:
            return self.number()
        if kind < 6:
            return self.string()
        if kind == 6 and not self.json:
            return "(" + self.members(depth, False) + ")"
        if kind < 8:
            return "[" + self.members(depth, False) + "]"
        return "{" + self.members(depth, True) + "}"

    def mutate(self, text):
        rng = self.rng
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            at = rng.randrange(len(text) + 1)
            to = min(len(text), at + rng.choice([0, 0, 1, 1, 2, 5]))
            piece = rng.choice(["", rng.choice(ALPHABET), rng.choice(ALPHABET),
                                text[at:to] * 2, chr(rng.randrange(1, 128))])
            text = text[:at] + piece + text[to:]
        return text

    def text(self):
        rng = self.rng
        kind = rng.randrange(10)
        if kind < 3:
            return self.mutate(rng.choice(self.seeds)).encode()
        text = self.space() + self.value(4) + self.space()
        if kind < 8:
            text = self.mutate(text)
        raw = text.encode()
        if kind == 9 and raw:
            at = rng.randrange(len(raw))
            raw = raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1:]
        return raw


def canonical(v):
    """A Python value in the form that literal_dump writes."""
    if v is None:
        return ["null", None]
    if isinstance(v, bool):
        return ["bool", v]
    if isinstance(v, int):
        return ["int", str(v)]
    if isinstance(v, float):
        return ["float", v.hex()]
    if isinstance(v, str):
        return ["text", v.encode().hex()]
    if isinstance(v, bytes):
        return ["bytes", v.hex()]
    if isinstance(v, (list, tuple)):
        return ["list", [canonical(i) for i in v]]
    return ["dict", [[k.encode().hex(), canonical(i)] for k, i in v.items()]]


def from_dump(v):
    """The same form, with floats made comparable."""
    kind, what = v
    if kind == "float":
        return [kind, float(what).hex()]
    if kind == "list":
        return [kind, [from_dump(i) for i in what]]
    if kind == "dict":
        return [kind, [[k, from_dump(i)] for k, i in what]]
    return v


class Pairs(dict):
    """An object of JSON that remembers whether a key came twice."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.twice = len(self) != len(pairs)


def reasons(v, depth=0):
    """Why a value of Python's is none of ours."""
    found = set()
    if isinstance(v, (set, complex)) or v is ...:
        return {"ellipsis" if v is ... else type(v).__name__}
    if isinstance(v, int) and not -2**63 <= v < 2**63:
        found.add("big integer")
    if isinstance(v, float) and not math.isfinite(v):
        found.add("infinity")
    if isinstance(v, str):
        if any("\ud800" <= c <= "\udfff" for c in v):
            found.add("surrogate")
        if "\0" in v:
            found.add("NUL")
    if isinstance(v, (list, tuple, dict)) and depth == DEPTH:
        found.add("depth")
    if isinstance(v, (list, tuple)):
        for i in v:
            found |= reasons(i, depth + 1)
    if isinstance(v, dict):
        if len(v) > KEYS:
            found.add("many keys")
        if getattr(v, "twice", False):
            found.add("key twice")
        for k, i in v.items():
            found |= reasons(k, depth + 1) if isinstance(k, str) else {"key"}
            found |= reasons(i, depth + 1)
    return found


def shadowed_reasons(text):
    """The same for values that a later equal key hides in Python."""
    found = set()
    for node in ast.walk(ast.parse(text.lstrip(" \t"), mode="eval")):
        if isinstance(node, ast.Dict):
            for key, item in zip(node.keys, node.values):
                key = ast.literal_eval(key)
                found |= reasons(key) if isinstance(key, str) else {"key"}
                found |= reasons(ast.literal_eval(item))
    return found


TOKEN = re.compile(r"""
    (?P<string>[uUrRbB]{0,2}(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"
        |'(?:\\.|[^\\'])*'|"(?:\\.|[^\\"])*"))
    |(?P<comment>\#[^\r\n]*)|(?P<continued>\\(?:\r\n|\r|\n))
    |(?P<name>\w+)|(?P<other>.)""", re.S | re.X)
SIGNED = re.compile(r"([-+][ \t\f]*)\(\s*([0-9.][\w.]*(?:[eE][-+]\d+)?)\s*\)")
JSON_WORDS = {"null": "None", "true": "True", "false": "False"}


def named_character(m):
    try:
        return "\\U%08x" % ord(unicodedata.lookup(m.group(1)))
    except KeyError:
        return m.group(0)


def rewrite_narrower(text, value):
    """Text without what only Python reads, and the names of that."""
    names, out = set(), []
    for m in TOKEN.finditer(text):
        piece = m.group(0)
        if m.lastgroup == "comment":
            names.add("comment")
            piece = " "
        elif m.lastgroup == "continued":
            names.add("continued line")
            piece = " "
        elif m.lastgroup == "string" and "\\N{" in piece:
            plain = re.sub(r"\\N\{([^}]+)\}", named_character, piece)
            if plain != piece:
                names.add("named character")
            piece = plain
        out.append(piece)
    text = "".join(out)
    while SIGNED.search(text):
        names.add("sign before parenthesis")
        text = SIGNED.sub(r"\1\2", text)
    if isinstance(value, tuple):
        names.add("bare tuple")
        text = "(" + text + ")"
    return text, names


def rewrite_wider(text):
    """Text without what only we read, and the names of that."""
    names, out = set(), []
    for m in TOKEN.finditer(text):
        piece = m.group(0)
        if m.lastgroup == "name" and piece in JSON_WORDS:
            names.add("words of JSON")
            piece = JSON_WORDS[piece]
        out.append(piece)
    text = "".join(out)
    if text.strip(" \t\f\r\n") != text.lstrip(" \t").rstrip("\r\n"):
        names.add("white space around")
        text = text.strip(" \t\f\r\n")
    return text, names


def python_literal(text):
    try:
        return (ast.literal_eval(text),)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return REFUSED


def python_json(text):
    try:
        return (json.loads(text, object_pairs_hook=Pairs),)
    except (ValueError, RecursionError):
        return REFUSED


def run(program, mode, texts):
    """What our side says to each text: a value or REFUSED."""
    data = b"".join(struct.pack(">I", len(t)) + t for t in texts)
    done = subprocess.run([program, mode], input=data, stdout=subprocess.PIPE,
                          check=True)
    lines = done.stdout.decode().splitlines()
    assert len(lines) == len(texts), "literal_dump lost a text"
    answers = [json.loads(line) for line in lines]
    return [from_dump(a["ok"]) if "ok" in a else REFUSED for a in answers]


class Comparison:
    """One pass over many texts in one of the two modes."""

    def __init__(self, program, mode, differences):
        self.program = program
        self.mode = mode
        self.python = python_json if mode == "json" else python_literal
        self.seen = dict.fromkeys(differences, 0)
        self.accepted = self.refused = 0
        self.wrong = []

    def explained(self, names):
        for name in names:
            self.seen[name] += 1

    def by_value(self, theirs):
        """Python's value cannot be one of ours: that must be listed."""
        names = reasons(theirs[0])
        return names if names and names <= set(self.seen) else set()

    def judge(self, raw, ours):
        """None if all is well, else what Python says, to be explained."""
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = None
        theirs = REFUSED if text is None else self.python(text)
        if theirs is REFUSED and ours is REFUSED:
            self.refused += 1
            return None
        if theirs is not REFUSED:
            names = self.by_value(theirs)
            if names and ours is REFUSED:
                self.explained(names)
                return None
            if not names and ours == canonical(theirs[0]):
                self.accepted += 1
                return None
        return (raw, text, theirs, ours)

    def wider(self, case):
        raw, text, _, ours = case
        plain, names = rewrite_wider(text)
        theirs = self.python(plain)
        if names and theirs is not REFUSED and \
                not self.by_value(theirs) and canonical(theirs[0]) == ours:
            self.explained(names)
        else:
            self.wrong.append(case)

    def narrower(self, cases):
        plain = [rewrite_narrower(c[1], c[2][0]) for c in cases]
        again = run(self.program, self.mode, [p[0].encode() for p in plain])
        for case, (text, names), ours in zip(cases, plain, again):
            if names and ours is not REFUSED and \
                    ours == canonical(case[2][0]):
                self.explained(names)
            elif text.count("(") > DEPTH:
                self.explained({"depth"})   # of parentheses around one value
            else:
                self.wrong.append(case)

    def compare(self, texts):
        open_cases = []
        for raw, ours in zip(texts, run(self.program, self.mode, texts)):
            case = self.judge(raw, ours)
            if case is None:
                continue
            if self.mode == "json" or case[1] is None or \
                    REFUSED not in case[2:]:
                self.wrong.append(case)
            elif case[2] is REFUSED:
                self.wider(case)
            elif shadowed_reasons(case[1]):
                self.explained(shadowed_reasons(case[1]))
            else:
                open_cases.append(case)
        self.narrower(open_cases)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--count", type=int, default=50000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("program", nargs="?", default=os.path.join(
        os.environ.get("TOP_BUILDDIR", "."),
        "tests/oracle/literal/literal_dump"))
    args = p.parse_args()
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    tests = []
    for mode, seeds, differences in (
            ("literal", split_seeds(LITERAL_SEEDS) + LITERAL_ODD,
             LITERAL_DIFFERENCES),
            ("json", split_seeds(JSON_SEEDS) + JSON_ODD, JSON_DIFFERENCES)):
        c = Comparison(args.program, mode, differences)
        short = [s for s in seeds if len(s) < 1000]
        maker = Maker(random.Random(args.seed), short, mode == "json")
        c.compare([s.encode() for s in seeds] +
                  [maker.text() for _ in range(args.count)])
        tests.append((not c.wrong, "%s: %d equal, %d refused by both, %d on "
                      "purpose" % (mode, c.accepted, c.refused,
                                   sum(c.seen.values())), c.wrong[:10]))
        for name, n in c.seen.items():
            tests.append((n > 0, "%s difference: %s (%s)" %
                          (mode, name, differences[name]), []))
    print("1..%d" % len(tests))
    for n, (ok, name, cases) in enumerate(tests, 1):
        print("%s %d - %s" % ("ok" if ok else "not ok", n, name))
        for raw, _, theirs, ours in cases:
            print("# %.200r: Python %.200r, we %.200r" % (raw, theirs, ours))
    return any(not ok for ok, _, _ in tests)


if __name__ == "__main__":
    sys.exit(main())
