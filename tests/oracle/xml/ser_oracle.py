#!/usr/bin/env python3
"""The serializer against Python: random values are written by ser_dump and
read back with Python's XML and JSON parsers, and by libxml2's xmllint where
it is installed.  TAP.

usage: ser_oracle.py [--seed N] [PROGRAM]
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from decimal import Decimal

HEAD = '<?xml version="1.0" encoding="UTF-8" ?><root>'
ROUNDS = 300
KEYS = ["id", "name", "res.partner", "__last_update", "x_name", "x-y", "A1",
        "42", "007", "1.5", "-1", "1e5", "1e+20", "1e999", "inf", ".5", "5.",
        "bad key", "1num", "@x", "", " ", "a ", "a:b", "xml:a", "a&b", "a<b",
        "a'b", 'a"b', "key", "item", "root", "-a", ".a", "a\tb", "a\nb",
        "a\rb", "\x01", "é", "größe", "名前", "aé", "é x", "×", "a÷", "😀",
        "\u0220", "a\u0300", "\ufffe", "1 2", "+5", "0x10", "1_0", "nan"]


def encode(v):
    """A value as ser_dump reads it."""
    if v is None:
        return b"n"
    if isinstance(v, bool):
        return b"t" if v else b"f"
    if isinstance(v, int):
        return b"i%d;" % v
    if isinstance(v, float):
        return b"r%s;" % repr(v).encode()
    if isinstance(v, Decimal):
        sign, digits, exponent = v.as_tuple()
        number = int("".join(map(str, digits))) * (-1 if sign else 1)
        return b"m%d,%d;" % (number, -exponent)
    if isinstance(v, str):
        text = v.encode()
        return b"s%d:%s" % (len(text), text)
    if isinstance(v, list):
        return b"l" + b"".join(map(encode, v)) + b"e"
    return b"d" + b"".join(encode(k) + encode(x) for k, x in v.items()) + b"e"


def dump(program, documents):
    """The documents, each a form and a value, as the serializer has them."""
    told = b"".join(form + encode(v) for form, v in documents)
    out = subprocess.run([program], input=told, stdout=subprocess.PIPE,
                         check=True).stdout
    found = []
    while out:
        size, _, out = out.partition(b":")
        found.append(out[:int(size)])
        out = out[int(size):]
    assert len(found) == len(documents)
    return found


# --- what XML must say ------------------------------------------------------

def carried(text):
    """The text with U+FFFD for what XML 1.0 cannot hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
                  "\ufffd", text)


def is_name(key):
    try:
        return ET.fromstring("<%s></%s>" % (key, key)).tag == key
    except (ET.ParseError, ValueError):
        return False


def names(key):
    """The elements that may stand for a key: (tag, name attribute)."""
    moved = ("key", carried(key))
    if is_name(key):
        # Editions of XML differ on letters, so these may move too.
        return [(key, None)] if key.isascii() else [(key, None), moved]
    if re.fullmatch("[0-9]+", key):
        return [("n" + key, None)]
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", key, re.A):
        name = "n%s" % float(key)
        return [(name, None) if is_name(name) else moved]
    name = key.replace(" ", "_")
    if is_name(name):
        return [(name, None)] if key.isascii() else [(name, None), moved]
    return [moved]


def scalar(v):
    if v is None:
        return "null", ""
    if isinstance(v, bool):
        return "bool", "true" if v else "false"
    if isinstance(v, int):
        return "int", str(v)
    if isinstance(v, float):
        return "float", repr(v)
    if isinstance(v, Decimal):
        text = "%f" % v if v.as_tuple().exponent == 0 else format(v, "f")
        return "float", text.rstrip("0") + "0" * text.rstrip("0").endswith(".")
    return "str", carried(v)


def compare(element, allowed, v, path):
    """Raises AssertionError if the element is not the value."""
    got = (element.tag, element.get("name"))
    assert got in allowed, "%s: %r is not in %r" % (path, got, allowed)
    assert not element.tail, "%s: text behind it" % path
    assert set(element.attrib) <= {"name", "type"}
    if isinstance(v, (list, dict)):
        assert element.get("type") == type(v).__name__, path
        assert not element.text, "%s: text in it" % path
        members(list(element), v, path)
        return
    kind, text = scalar(v)
    assert element.get("type") == kind, "%s: type %r" % (path, kind)
    assert (element.text or "") == text, "%s: %r is not %r" % (
        path, element.text, text)
    assert len(element) == 0, path


def members(elements, v, path):
    assert len(elements) == len(v), "%s: %d members" % (path, len(elements))
    if isinstance(v, list):
        for i, (element, x) in enumerate(zip(elements, v)):
            compare(element, [("item", None)], x, "%s[%d]" % (path, i))
    else:
        for element, (key, x) in zip(elements, v.items()):
            compare(element, names(key), x, "%s.%r" % (path, key))


def check_xml(text, form, v):
    text = text.decode()
    assert "/>" not in re.sub('"[^"]*"', "", text), "self-closing element"
    if len(v) > 1 and form == b"x":
        assert text.startswith(HEAD) and text.endswith("</root>"), "no root"
        top = ET.fromstring(text.encode())
        assert top.attrib == {}
    else:
        assert not text.startswith("<?xml"), "a declaration"
        top = ET.fromstring("<r>%s</r>" % text)
    assert not (top.text or "")
    members(list(top), v, "")


def check_json(text, form, v):
    def refuse(word):
        raise AssertionError("%s is not JSON" % word)

    assert not re.search(r"\s", re.sub(r'"(\\.|[^"\\])*"', "", text.decode()))
    assert text.decode() == json.dumps(
        plain(v), ensure_ascii=False, separators=(",", ":"))
    json.loads(text, parse_constant=refuse)


def plain(v):
    """For json.dumps: decimals that floats can hold."""
    if isinstance(v, Decimal):
        return float(v)
    if isinstance(v, list):
        return [plain(x) for x in v]
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    return v


# --- values -----------------------------------------------------------------

def some_text(r):
    alphabet = r.choice([
        "abc XYZ019", "&<>\"'", "\\/\"", "éß€中😀\u2028\ufffd\ufffe\uffff",
        "".join(map(chr, range(1, 128))), "]]>&amp;&#13;<!--<![CDATA[",
        "\t\n\r \x7f\x85\xa0", "\ue000\uf8ff\uff21\U0010ffff"])
    n = r.choice([0, 1, 2, 5, 20, 200])
    return "".join(r.choice(alphabet) for _ in range(n))


def some_float(r):
    return r.choice([
        0.0, -0.0, 2.0, 1e15, 1e16, 1e17, 12345678901234568.0, 1e-4, 1e-5,
        5e-5, 1.7976931348623157e308, 2.2250738585072014e-308, 0.1 + 0.2,
        r.random(), r.uniform(-1e6, 1e6), round(r.uniform(-1e4, 1e4), 2),
        r.uniform(-1, 1) * 10.0 ** r.randint(-30, 30),
        round(r.random(), 6), float(r.randint(-2 ** 60, 2 ** 60))])


def some_scalar(r):
    kind = r.randrange(7)
    if kind == 0:
        return None
    if kind == 1:
        return r.random() < 0.5
    if kind == 2:
        return r.choice([0, -1, 2 ** 63 - 1, -2 ** 63,
                         r.randint(-1000, 1000)])
    if kind == 3:
        return some_float(r)
    if kind == 4:
        return Decimal(r.randint(-10 ** 9, 10 ** 9)).scaleb(-r.randint(1, 6))
    return some_text(r)


def some_value(r, depth):
    kind = r.random()
    if depth == 0 or kind < 0.6:
        return some_scalar(r)
    if kind < 0.8:
        return [some_value(r, depth - 1) for _ in range(r.randrange(5))]
    return some_dict(r, depth - 1, r.randrange(5))


def some_dict(r, depth, n):
    keys = (r.choice(KEYS) if r.random() < 0.7 else some_text(r)
            for _ in range(n))
    return {key: some_value(r, depth) for key in keys}


def deep(n):
    v = "end"
    for i in range(n):
        v = [v] if i % 2 else {"a": v}
    return {"deep": v}


def fixed():
    """Every character below U+0100 and every odd key, one at a time."""
    for c in range(1, 0x100):
        yield {"k": "a%sb" % chr(c)}
        yield {"%s" % chr(c): 1}
        yield {"a%sb" % chr(c): 1}
    for key in KEYS:
        yield {key: {key: [key]}}
    for c in "\ud7ff\ue000\ufffc\ufffd\ufffe\uffff\U00010000\U0001fffe":
        yield {"k": c + "x", "l": "x" + c}
    for n in (1, 15, 16, 17, 31, 100, 180):
        yield deep(n)
    yield {}
    yield {"a": "", "b": [], "c": {}, "d": None, "e": [[], {}, ""]}


def letters():
    """Every letter of the basic plane as and in a key, a thousand a time."""
    found = [chr(c) for c in range(0x80, 0x10000)
             if not 0xd800 <= c < 0xe000]
    for i in range(0, len(found), 1000):
        yield {k: 1 for c in found[i:i + 1000] for k in (c, "a" + c)}


# --- tests ------------------------------------------------------------------

class Tap:
    def __init__(self):
        self.n = 0
        self.failed = 0

    def result(self, name, faults):
        self.n += 1
        self.failed += bool(faults)
        print("%s %d - %s" % ("not ok" if faults else "ok", self.n, name))
        for fault in faults[:5]:
            print("# " + fault.encode("ascii", "backslashreplace").decode())


def run(tap, program, name, form, values):
    check = check_json if form == b"j" else check_xml
    values = list(values)
    documents = dump(program, [(form, v) for v in values])
    faults = []
    for text, v in zip(documents, values):
        try:
            check(text, form, v)
        except (AssertionError, ET.ParseError, ValueError) as e:
            faults.append("%s\n# value %s\n# wrote %s" % (e, ascii(v)[:500],
                                                       ascii(text)[:500]))
    tap.result("%s (%d documents)" % (name, len(values)), faults)
    return documents


def xmllint(tap, name, documents):
    if shutil.which("xmllint") is None:
        tap.n += 1
        print("ok %d - %s # SKIP no xmllint" % (tap.n, name))
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, text in enumerate(d for d in documents if d):
            paths.append(os.path.join(folder, "%d.xml" % i))
            with open(paths[-1], "wb") as f:
                f.write(text)
        said = subprocess.run(["xmllint", "--noout"] + paths,
                              stderr=subprocess.PIPE)
    lines = said.stderr.decode(errors="replace").splitlines()
    tap.result(name, lines if said.returncode else [])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=20170712)
    p.add_argument("program", nargs="?", default=os.path.join(
        os.environ.get("TOP_BUILDDIR", "."), "tests/oracle/xml/ser_dump"))
    args = p.parse_args()
    program = args.program
    r = random.Random(args.seed)
    tap = Tap()

    print("1..7")
    print("# seed %d" % args.seed)
    written = run(tap, program, "characters and keys as XML", b"x", fixed())
    written += run(tap, program, "letters in keys as XML", b"x", letters())
    written += run(tap, program, "random values as XML", b"x", (
        some_dict(r, 4, r.choice([0, 1, 1, 2, 6])) for _ in range(ROUNDS)))
    run(tap, program, "random values as bare XML", b"b", (
        some_dict(r, 4, r.choice([0, 1, 2, 6])) for _ in range(ROUNDS)))
    run(tap, program, "characters and keys as JSON", b"j", fixed())
    run(tap, program, "random values as JSON", b"j", (
        some_dict(r, 4, r.choice([0, 1, 2, 6])) for _ in range(ROUNDS)))
    xmllint(tap, "libxml2 reads them all", written)
    sys.exit(1 if tap.failed else 0)


main()
