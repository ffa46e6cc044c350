"""A FastCGI client for what no front server would send."""
import socket
import struct

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR = 1, 2, 3, 4, 5, 6, 7


def record(kind, data=b"", request=1):
    out = b""
    while True:
        piece, data = data[:65528], data[65528:]
        out += struct.pack("!BBHHBx", 1, kind, request, len(piece), 0) + piece
        if not data:
            return out


def begin(keep=0, role=1):
    return record(BEGIN, struct.pack("!HB5x", role, keep))


def length(n):
    return bytes([n]) if n < 128 else struct.pack("!I", n | 1 << 31)


def params(variables):
    out = b""
    for name, value in variables.items():
        name, value = name.encode(), value.encode("utf-8", "surrogateescape")
        out += length(len(name)) + length(len(value)) + name + value
    return (record(PARAMS, out) if out else b"") + record(PARAMS)


def variables(method, target, body=b"", **more):
    path, _, query = target.partition("?")
    out = {"REQUEST_METHOD": method, "REQUEST_URI": target,
           "QUERY_STRING": query, "SCRIPT_NAME": "", "PATH_INFO": path,
           "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1"}
    if body:
        out["CONTENT_LENGTH"] = str(len(body))
    out.update(more)
    return out


def request(method, target, body=b"", keep=0, **more):
    """The bytes of a whole request."""
    return (begin(keep) + params(variables(method, target, body, **more))
            + (record(STDIN, body) if body else b"") + record(STDIN))


def connect(path, timeout=20):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(timeout)
    s.connect(path)
    return s


def answer(s):
    """Status, head and body, and whether the connection ended properly."""
    data, out, ended = b"", b"", False
    while True:
        try:
            piece = s.recv(65536)
        except ConnectionResetError:
            break
        if not piece:
            break
        data += piece
    while len(data) >= 8:
        _, kind, _, n, pad = struct.unpack("!BBHHBx", data[:8])
        if kind == STDOUT:
            out += data[8:8 + n]
        ended |= kind == END
        data = data[8 + n + pad:]
    head, _, body = out.partition(b"\r\n\r\n")
    status = 0
    if head.startswith(b"Status: "):
        status = int(head[8:11])
    return status, head, body, ended


def ask(path, method, target, body=b"", **more):
    with connect(path) as s:
        s.sendall(request(method, target, body, **more))
        return answer(s)
