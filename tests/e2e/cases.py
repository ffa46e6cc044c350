"""Requests that front servers treat differently, byte by byte, as a table.

The columns are what a client gets: N is our own answer with that status,
-N the front server's own, which means that the request never reached us.
"""
import argparse
import json
import socket
import urllib.parse

import client

SERVERS = ("lighttpd", "lighttpd-cgi", "apache-fcgid", "apache-htaccess",
           "apache-proxy", "apache-cgi", "nginx")
# These pass answers on without their length.
UNTOLD = ("apache-proxy", "apache-cgi")
COUNT = "/restapi/1.0/object/res.partner/search_count"
PARTNER = client.PARTNER
VERSION = "/restapi/1.0/common/version"
NAMES = {
    "plain": "e2e-plain", "brackets": "e2e[a](b),=", "quote": 'e2e"q\'',
    "marks": "e2e{}|^`<>!;:", "backslash": "e2e\\b", "space": "e2e two words",
    "plus": "e2e+plus", "amp": "e2e&amp", "hash": "e2e#hash",
    "percent": "e2e%percent", "utf8": "e2e-été-中-😀",
}


def every(status, **columns):
    """The same everywhere but in the columns that begin with a name."""
    out = dict.fromkeys(SERVERS, status)
    for name, value in columns.items():
        for s in SERVERS:
            if s.startswith(name.replace("_", "-")):
                out[s] = value
    return out


class Case:
    def __init__(self, name, target, expect, method="GET", headers=(),
                 body=b"", count=None, version="HTTP/1.1", check=None,
                 half=False, allow=None):
        self.name, self.target, self.expect = name, target, expect
        self.method, self.headers, self.body = method, list(headers), body
        self.count, self.version, self.check = count, version, check
        self.half, self.allow = half, allow


def named(text):
    """A search count by name, its domain as raw as it stands here."""
    return COUNT + "?domain=" + text


JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
LONG = "[('name','in',[" + ",".join(["'%07d'" % i for i in range(600)]) + "])]"


def chunked(data, size=1000):
    out = b""
    for i in range(0, len(data), size):
        piece = data[i:i + size]
        out += b"%x\r\n" % len(piece) + piece + b"\r\n"
    return out + b"0\r\n\r\n"


def vals(**values):
    return json.dumps({"vals": values}).encode()


METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
CHUNKED = ("Transfer-Encoding", "chunked")

QUERY = [
    # name, the domain as sent, what it counts, the columns
    ("brackets and single quotes, raw", "[('name','=','e2e-plain')]", 1,
     every(200)),
    ("brackets, comma and = in a text", "[('name','=','e2e[a](b),=')]", 1,
     every(200)),
    ("double quotes, raw", '[["name","=","e2e-plain"]]', 1, every(200)),
    ("both quotes, one escaped", "[('name','=','e2e\"q\\'')]", 1, every(200)),
    ("{ } | ^ ` < > ! ; :", "[('name','=','e2e{}|^`<>!;:')]", 1, every(200)),
    ("a backslash", "[('name','=','e2e\\\\b')]", 1, every(200)),
    ("a raw space", "[('name','=','e2e two words')]", 1,
     every(200, apache=-400, nginx=-400)),
    ("%20", "[('name','=','e2e%20two%20words')]", 1, every(200)),
    ("+ for a space", "[('name','=','e2e+two+words')]", 1, every(200)),
    ("%2B for a plus", "[('name','=','e2e%2Bplus')]", 1, every(200)),
    ("%26 for an ampersand", "[('name','=','e2e%26amp')]", 1, every(200)),
    ("a raw & splits the literal", "[('name','=','e2e&amp')]", None,
     every(403)),
    ("%23 for a hash", "[('name','=','e2e%23hash')]", 1, every(200)),
    ("a raw # cuts the literal", "[('name','=','e2e#hash')]", None,
     every(403, apache=-400)),
    ("a lone %", "[('name','=like','e2e%percent')]", 1, every(200)),
    ("%zz", "[('name','=like','%zzz')]", 0, every(200)),
    ("%25", "[('name','=like','e2e%25percent')]", 1, every(200)),
    ("all percent-encoded",
     "%5B%28%27name%27%2C%27%3D%27%2C%27e2e-plain%27%29%5D", 1, every(200)),
    ("UTF-8, raw", "[('name','=','e2e-été-中-😀')]", 1, every(200)),
    ("UTF-8, encoded", urllib.parse.quote("[('name','=','e2e-été-中-😀')]"), 1,
     every(200)),
    ("%00", "[('name','=','a%00b')]", None, every(400, lighttpd=-400)),
    ("%0D%0A", "[('name','=','a%0D%0Ab')]", None, every(403, lighttpd=-400)),
    ("not UTF-8, encoded", "[('name','=','a%FFb')]", None,
     every(400, lighttpd=-400)),
    ("not UTF-8, raw", b"[('name','=','a\xffb')]", None,
     every(400, lighttpd=-400)),
    ("a raw tab", "[('name','=','a\tb')]", None, every(-400)),
    ("a raw control", "[('name','=','a\x01b')]", None, every(-400)),
    ("a raw DEL", "[('name','=','a\x7fb')]", None, every(-400)),
    ("7 kB", LONG[:-5] + "'])]", 0, every(200)),
    ("9 kB", LONG + "x" * 3000, None,
     every(-414, lighttpd=-431)),
]

MODEL = "/restapi/1.0/object/%s/search_count"
PATH = [
    ("as it is", VERSION, every(200)),
    ("a letter encoded", "/restapi/1.0/common/%76ersion", every(200)),
    ("// in it", "/restapi//1.0///common/version", every(200)),
    ("/./ in it", "/restapi/1.0/./common/version", every(404)),
    ("/../ in it", "/restapi/1.0/x/../common/version", every(404)),
    ("%2e%2e in it", "/restapi/1.0/x/%2e%2e/common/version", every(404)),
    ("a slash at the end", VERSION + "/", every(200)),
    ("%2F", MODEL % "res%2Fpartner", every(403, apache=-404)),
    ("%252F", MODEL % "res%252Fpartner",
     every(403, apache_htaccess=-404)),
    ("%3F", MODEL % "res%3Fpartner", every(403, apache_htaccess=-403)),
    ("% without digits", MODEL % "res%zzpartner",
     every(403, apache=-400, nginx=-400)),
    ("%00", MODEL % "res%00partner", every(-400, apache=-404)),
    ("not UTF-8", MODEL % "res%FFpartner", every(400, lighttpd=-400)),
    ("nothing there", "/restapi/1.0/nothing", every(404)),
    ("another version", "/restapi/9.9/common/version", every(404)),
]

BODY = vals(name="e2e-body")
BIG = vals(name="e2e-big", comment="x" * 200000)
HUGE = vals(name="e2e-huge", comment="x" * 1100000)
FEW = "[('name','=','e2e-plain')]"

CASES = [Case("query: " + name, named(text) if isinstance(text, str)
              else named("").encode() + text, expect, count=count)
         for name, text, count, expect in QUERY]
CASES += [Case("path: " + name, target, expect)
          for name, target, expect in PATH]
CASES += [
    Case("absolute-form target", "http://{host}{mount}" + VERSION,
         every(200)),
    Case("absolute-form target with a query",
         "http://{host}{mount}" + named(FEW), every(200), count=1),

    Case("no credential", COUNT, every(401),
         headers=[("Authorization", None)]),
    Case("a wrong credential", COUNT, every(401),
         headers=[("Authorization", None),
                  ("Authorization", "Bearer nonsense")]),
    Case("two credentials", COUNT, every(400, nginx=-400),
         headers=[("Authorization", "Bearer {key}")]),
    Case("two credentials in one header", COUNT, every(400),
         headers=[("Authorization", None),
                  ("Authorization", "Bearer {key}, Bearer {key}")]),
    Case("X-Authorization", COUNT, every(200),
         headers=[("Authorization", None),
                  ("X-Authorization", "Bearer {key}")]),
    Case("a Proxy header", COUNT, every(200),
         headers=[("Proxy", "http://192.0.2.1")]),
    Case("a foreign Host with a port", COUNT, every(200),
         headers=[("Host", "evil.example:99")]),
    Case("If-Match and If-None-Match", COUNT, every(200),
         headers=[("If-Match", '"x"'), ("If-None-Match", '"y"')]),
    Case("300 headers", COUNT, every(200, apache=-400),
         headers=[("X-Header-%d" % i, "x") for i in range(300)]),
    Case("a header of 9 kB", COUNT, every(-400, lighttpd=-431),
         headers=[("X-Header", "x" * 9000)]),

    Case("HEAD", VERSION, every(200), method="HEAD"),
    Case("HEAD of an error", MODEL % "no.model", every(403), method="HEAD"),
    Case("OPTIONS", PARTNER, every(204), method="OPTIONS",
         allow=METHODS),
    Case("a method that the path has not", PARTNER + "/fields_get",
         every(405), method="PATCH",
         allow=METHODS),
    Case("GET of what writes", PARTNER + "/unlink?ids=1", every(405),
         allow={"POST", "PUT", "DELETE", "OPTIONS"}),
    Case("GET of what writes, of one record", PARTNER + "/1/copy",
         every(405), allow={"POST", "PUT", "DELETE", "OPTIONS"}),
    Case("HEAD of what writes", PARTNER + "/1/toggle_active", every(405),
         method="HEAD", allow={"POST", "PUT", "DELETE", "OPTIONS"}),
    Case("OPTIONS of what writes", PARTNER + "/load", every(204),
         method="OPTIONS", allow={"POST", "PUT", "DELETE", "OPTIONS"}),
    Case("HEAD of a method", PARTNER + "/read_group?groupby=['country_id']",
         every(200), method="HEAD"),
    Case("PATCH", PARTNER + "/1", every(405), method="PATCH"),
    Case("PROPFIND with a body", PARTNER, every(501), method="PROPFIND",
         body=BODY, headers=[JSON]),
    Case("TRACE", VERSION,
         every(501, apache=-405, nginx=-405),
         method="TRACE"),
    Case("a method of its own", VERSION, every(501, lighttpd=-501),
         method="FOO"),
    Case("a method in lower case", VERSION,
         every(501, lighttpd=-501, nginx=-400), method="get"),

    Case("POST with a body", PARTNER, every(200), method="POST", body=BODY,
         headers=[JSON], check="e2e-body"),
    Case("POST with values in the query",
         PARTNER + "?vals={'name':'e2e-query'}", every(200), method="POST",
         headers=[("Content-Length", "0")], check="e2e-query"),
    Case("POST without a length", PARTNER + "?vals={'name':'e2e-nolength'}",
         every(200, lighttpd=-411), method="POST"),
    Case("POST of a form", PARTNER, every(200), method="POST",
         body=b"vals=" + urllib.parse.quote("{'name': 'e2e-form'}").encode(),
         headers=[FORM], check="e2e-form"),
    Case("PUT with a body", PARTNER + "/{id}", every(200), method="PUT",
         body=vals(name="e2e-put"), headers=[JSON], check="e2e-put"),
    Case("PUT without a body", PARTNER + "/{id}?vals={'name':'e2e-put-2'}",
         every(200), method="PUT", check="e2e-put-2"),
    Case("DELETE with a body", PARTNER + "/{id}", every(200),
         method="DELETE", body=b"{}", headers=[JSON]),
    Case("DELETE without a body", PARTNER + "/{id}", every(200),
         method="DELETE"),
    Case("DELETE without ids", PARTNER, every(403), method="DELETE"),
    Case("GET with a body", named(FEW), every(200, lighttpd=-400),
         body=b"{}", headers=[JSON]),
    Case("HEAD with a body", named(FEW), every(200, lighttpd=-400),
         method="HEAD", body=b"{}", headers=[JSON]),
    Case("a long search by POST", COUNT, every(200), method="POST",
         body=b"domain=" + urllib.parse.quote(LONG).encode(), headers=[FORM]),

    Case("a chunked body", PARTNER, every(200), method="POST",
         body=chunked(BODY, 7), headers=[JSON, CHUNKED], check="e2e-body"),
    Case("a chunked body of 200 kB", PARTNER,
         every(200, apache_htaccess=-500), method="POST",
         body=chunked(BIG), headers=[JSON, CHUNKED], check="e2e-big"),
    Case("a body of 200 kB", PARTNER, every(200, apache_htaccess=-500),
         method="POST", body=BIG, headers=[JSON], check="e2e-big"),
    Case("a body over our limit", PARTNER, every(413, apache_htaccess=-500),
         method="POST", body=HUGE, headers=[JSON]),
    Case("a chunked body over our limit", PARTNER,
         every(413, apache_htaccess=-500), method="POST",
         body=chunked(HUGE, 9999), headers=[JSON, CHUNKED]),
    Case("length and chunks", PARTNER, every(200, lighttpd=-400, nginx=-400),
         method="POST", body=chunked(BODY),
         headers=[JSON, CHUNKED, ("Content-Length", "5")]),
    Case("two lengths", PARTNER, every(-400), method="POST", body=BODY,
         headers=[("Content-Length", str(len(BODY))),
                  ("Content-Length", "3")]),
    Case("a negative length", PARTNER, every(-400), method="POST", body=BODY,
         headers=[("Content-Length", "-1")]),
    Case("a length with a sign", PARTNER, every(-400), method="POST",
         body=BODY, headers=[("Content-Length", "+%d" % len(BODY))]),
    Case("a length of 20 digits", PARTNER, every(-400), method="POST",
         body=BODY, headers=[("Content-Length", "9" * 20)]),
    Case("a body that is cut off", PARTNER, every(0, apache=None),
         method="POST", body=vals(name="e2e-cut")[:-9],
         headers=[JSON, ("Content-Length", "900")], half=True),
]


class Server(client.Client):
    def connect(self):
        host, port = self.host.split(":")
        return socket.create_connection((host, int(port)), timeout=20)

    def send(self, case, ident):
        """The bytes of the case, and what comes back."""
        target = case.target
        if isinstance(target, str):
            target = target.replace("{host}", self.host)
            target = target.replace("{id}", str(ident)).encode()
        target = target.replace(b"{mount}", self.mount.encode())
        if target.startswith(b"/"):
            target = self.mount.encode() + target
        headers = [("Host", self.host), ("Connection", "close"),
                   ("Authorization", "Bearer " + self.key)]
        for name, value in case.headers:
            if value is None or name == "Host":
                headers = [h for h in headers if h[0] != name]
            if value is not None:
                headers.append((name, value.replace("{key}", self.key)))
        given = {name for name, _ in headers}
        if case.body and not given & {"Content-Length", "Transfer-Encoding"}:
            headers.append(("Content-Length", str(len(case.body))))
        head = case.method.encode() + b" " + target + b" HTTP/1.1\r\n"
        for name, value in headers:
            head += ("%s: %s\r\n" % (name, value)).encode()
        return self.exchange(head + b"\r\n" + case.body, case.half)

    def exchange(self, data, half):
        out = b""
        with self.connect() as s:
            try:
                s.sendall(data)
                if half:
                    s.shutdown(socket.SHUT_WR)
                while True:
                    piece = s.recv(65536)
                    if not piece:
                        break
                    out += piece
            except (ConnectionError, socket.timeout):
                pass
        return out


def parse(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ", 2)
    status = int(words[1]) if words[0].startswith("HTTP/") else 0
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = unchunk(body)
    return status, headers, body


def unchunk(data):
    out = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        n = int(size or b"0", 16)
        out += data[:n]
        data = data[n + 2:]
    return out


def faults(case, column, status, headers, body):
    """What is wrong with an answer."""
    want = case.expect[column]
    length = headers.get("content-length")
    ours = "x-content-type-options" in headers
    got = status if ours else -status
    if want is not None and got != want:
        return "got %d, expected %d: %r" % (got, want, body[:300])
    if not ours:
        return None
    if case.method == "HEAD":
        if body:
            return "a body to HEAD"
    elif status != 204:
        json.loads(body)
        if length != str(len(body)) and (length or column not in UNTOLD):
            return "Content-Length: %s" % length
    if case.count is not None and status == 200 and \
            json.loads(body) != {"count": case.count}:
        return "counted %r, expected %d" % (body, case.count)
    if case.allow is not None:
        allow = set(headers.get("allow", "").replace(" ", "").split(","))
        if allow != case.allow:
            return "Allow: %s" % headers.get("allow")
    return None


def run(server, column, case):
    ident = server.create("e2e-target") if b"{id}" in (
        case.target if isinstance(case.target, bytes)
        else case.target.encode()) else 0
    before = server.count(case.check) if case.check else 0
    try:
        answer = parse(server.send(case, ident))
        fault = faults(case, column, *answer)
    except ValueError as e:
        return "not understood: %s" % e
    if fault or not case.check or case.expect[column] != 200:
        return fault
    if server.count(case.check) != before + 1:
        return "no record %s was written" % case.check
    return None


def cut_off(server):
    """No part of the body that was cut off may be there."""
    n = server.count("e2e-cut")
    return "%d records" % n if n else None


def gone(server):
    """Clients that leave in mid-answer, of 400 kB; the server serves on."""
    for i in range(20):
        server.create("e2e-long", comment="x" * 20000)
    request = ("GET %s%s?domain=[('name','=','e2e-long')] HTTP/1.1\r\n"
               "Host: %s\r\nAuthorization: Bearer %s\r\n\r\n" % (
                   server.mount, PARTNER, server.host, server.key)).encode()
    for i in range(20):
        with server.connect() as s:
            s.sendall(request)
            if i % 2 and s.recv(15) != b"HTTP/1.1 200 OK":
                return "no answer to leave from"
    for i in range(8):
        if server.count("e2e-long") != 20:
            return "wrong count afterwards"
    return None


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--server", required=True, choices=SERVERS)
    p.add_argument("--url", required=True)
    p.add_argument("--key", required=True)
    p.add_argument("--start", type=int, default=0)
    p.add_argument("--count")
    args = p.parse_args()
    server = Server(args.url, args.key.strip())
    for name in NAMES.values():
        server.create(name)
    n = args.start
    todo = [(c.name, lambda c=c: run(server, args.server, c)) for c in CASES]
    todo.append(("nothing of a body that is cut off",
                 lambda: cut_off(server)))
    todo.append(("clients gone in mid-answer", lambda: gone(server)))
    for name, call in todo:
        n += 1
        try:
            fault = call()
        except (OSError, client.Failed) as e:
            fault = repr(e)
        print("%sok %d - %s" % ("not " if fault else "", n,
                                name.replace("#", "hash")), flush=True)
        if fault:
            print("# " + fault.replace("\n", "\n# "), flush=True)
        if args.count:
            with open(args.count, "w", encoding="ascii") as f:
                f.write(str(n))


main()
