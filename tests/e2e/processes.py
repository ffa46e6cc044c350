"""Masters and workers, spoken to by FastCGI without a front server."""
import argparse
import os
import signal
import socket
import subprocess
import threading
import time

import fcgi

PARTNER = "/restapi/1.0/object/res.partner"
VERSION = "/restapi/1.0/common/version"


class Program:
    """Started on a socket of its own, as a front server does it."""

    def __init__(self, args, name, *arguments, **environment):
        self.path = os.path.join(args.work, "run", name + ".sock")
        self.log = os.path.join(args.work, "log", name)
        self.auth = "Bearer " + args.key
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(self.path)
        self.socket.listen(128)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(args.work, "bin", "cardfile.fcgi"), *arguments],
                stdin=self.socket, stdout=log, stderr=log,
                env=dict(os.environ, **environment))
        self.pid = self.process.pid

    def ask(self, method, target, body=b"", **more):
        return fcgi.ask(self.path, method, target, body,
                        HTTP_AUTHORIZATION=self.auth, **more)

    def half(self, name):
        """A create whose body is not complete, and what it lacks."""
        body = ("vals={'name':'%s'}" % name).encode()
        s = fcgi.connect(self.path, 60)
        s.sendall(fcgi.begin() + fcgi.params(fcgi.variables(
            "POST", PARTNER, body, HTTP_AUTHORIZATION=self.auth,
            CONTENT_TYPE="application/x-www-form-urlencoded"))
            + fcgi.record(fcgi.STDIN, body[:9]))
        return s, fcgi.record(fcgi.STDIN, body[9:]) + fcgi.record(fcgi.STDIN)

    def count(self, name):
        answer = self.ask("GET", PARTNER
                          + "/search_count?domain=[('name','=','%s')]" % name)
        return answer[2]

    def children(self):
        try:
            with open("/proc/%d/task/%d/children" % (self.pid, self.pid),
                      encoding="ascii") as f:
                return [int(p) for p in f.read().split()]
        except OSError:
            return []

    def said(self, text):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return text in f.read()

    def stop(self, seconds=20):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


def until(seconds, true):
    end = time.time() + seconds
    while not true() and time.time() < end:
        time.sleep(0.05)
    return true()


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as f:
            return f.read().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


NONE = b'{"count":0}'
ONE = b'{"count":1}'


def broken(p):
    """What ends too soon is not carried out."""
    s, _ = p.half("e2e-aborted")
    s.sendall(fcgi.record(fcgi.ABORT))
    yield fcgi.answer(s)[0] == 400, "an aborted request is refused"
    s, _ = p.half("e2e-cut")
    s.shutdown(socket.SHUT_WR)
    yield fcgi.answer(s)[0] == 400, "a body that is cut off is refused"
    s, _ = p.half("e2e-gone")
    s.close()
    s, _ = p.half("e2e-ended")
    s.sendall(fcgi.record(fcgi.STDIN))
    yield fcgi.answer(s)[0] == 400, "a short body is refused"
    s = fcgi.connect(p.path)
    s.sendall(fcgi.begin() + b"nonsense" * 9)
    yield fcgi.answer(s)[0] in (0, 400), "nonsense is refused"
    fcgi.connect(p.path).close()
    yield all(p.count("e2e-" + n) == NONE
              for n in ("aborted", "cut", "gone", "ended")), \
        "nothing of these was written"
    yield p.ask("POST", PARTNER, b"x" * 9, CONTENT_LENGTH="8")[0] == 400, \
        "a long body is refused"
    s = fcgi.connect(p.path)
    s.sendall(fcgi.request("GET", VERSION, keep=1))
    yield fcgi.answer(s)[0] == 200, "a connection to be kept is closed"
    status, head, body, ended = p.ask("HEAD", VERSION)
    yield (status, body, ended) == (200, b"", True) and \
        b"Content-Length: " in head, "HEAD has a length and no body"


def slow(p):
    """A client that sends slowly loses its worker after half a minute."""
    s, rest = p.half("e2e-slow")
    start = time.time()

    def trickle():
        try:
            for _ in range(40):
                time.sleep(1)
                s.sendall(fcgi.record(fcgi.STDIN, b"x"))
        except OSError:
            pass

    threading.Thread(target=trickle, daemon=True).start()
    status = fcgi.answer(s)[0]
    yield status == 400 and 25 < time.time() - start < 35, \
        "a slow body is given up after 30 s (%d after %d)" % (
            status, time.time() - start)


def reload(p, conf):
    """The configuration is read again; a wrong one is not taken."""
    yield b'"10.0"' in p.ask("GET", VERSION)[2], "a master serves"
    with open(conf, "a", encoding="ascii") as f:
        f.write("server_version = 12.5\n")
    old = set(p.children())
    p.process.send_signal(signal.SIGHUP)
    yield until(5, lambda: not old & set(p.children())), \
        "SIGHUP replaces all children"
    yield b'"12.5"' in p.ask("GET", VERSION)[2], "by such with new settings"
    with open(conf, "a", encoding="ascii") as f:
        f.write("no_such_key = 1\n")
    p.process.send_signal(signal.SIGHUP)
    yield until(5, lambda: p.said("not reloaded")), "a wrong key is told of"
    yield b'"12.5"' in p.ask("GET", VERSION)[2], "and changes nothing"
    yield p.stop() == 0, "SIGTERM ends it"


def bursts(p):
    """Children that die at once are not started over and over."""
    seen, end = set(), time.time() + 4
    while time.time() < end:
        for pid in p.children():
            seen.add(pid)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.005)
    yield 10 < len(seen) < 40, "a burst of crashes is slowed down (%d)" \
        % len(seen)
    yield until(7, lambda: len(p.children()) == 3), "and gets over"
    yield p.ask("GET", VERSION)[0] == 200, "and is served after"


def orphans(p):
    """Workers do not outlive their master."""
    children = p.children()
    p.process.kill()
    p.process.wait()
    yield until(3, lambda: not any(map(alive, children))), \
        "workers leave when their master is killed"


def drain(p):
    """A worker without a master serves what is queued, then leaves."""
    s, rest = p.half("e2e-drain")
    time.sleep(0.2)
    queued = []
    for _ in range(10):
        q = fcgi.connect(p.path)
        q.sendall(fcgi.request("GET", VERSION))
        queued.append(q)
    p.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    s.sendall(rest)
    yield fcgi.answer(s)[0] == 200, "SIGTERM: the request is finished"
    yield [fcgi.answer(q)[0] for q in queued] == [200] * 10, \
        "and those that are queued"
    yield p.process.wait(10) == 0, "then it leaves"


def spent(p):
    """Workers are replaced after max_requests."""
    workers = set()
    bad = 0
    for _ in range(60):
        workers |= set(p.children())
        bad += p.ask("GET", VERSION)[0] != 200
    yield bad == 0 and len(workers) > 6, \
        "workers are replaced after max_requests, %d failed" % bad
    yield p.stop() == 0, "SIGTERM ends the master"


def stuck(p):
    """A worker that does not leave is killed."""
    s, _ = p.half("e2e-stuck")
    time.sleep(0.2)
    start = time.time()
    status = p.stop(25)
    yield status == 0 and 10 < time.time() - start < 20, \
        "a worker that does not leave is killed"
    s.close()


def mounted(args):
    """Where the API is: as the setting says, or the path of base_url."""
    for name, more in (("mount", {"CARDFILE_MOUNT": "/some/where/"}),
                       ("base_url", {"CARDFILE_BASE_URL":
                                     "https://example.org/some/where"})):
        p = Program(args, name, **more)
        yield p.ask("GET", "/some/where" + VERSION)[0] == 200, \
            "by %s there" % name
        yield p.ask("GET", VERSION)[0] == 404, "by %s not here" % name
        p.stop()


def usage(args):
    """Started by hand."""
    program = os.path.join(args.work, "bin", "cardfile.fcgi")
    for arguments, status in ((["--help"], 0), (["--version"], 0), ([], 2),
                              (["--nonsense"], 2), (["--workers", "0"], 2),
                              (["--workers", "65"], 2), (["a", "b"], 2)):
        got = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL,
                             capture_output=True, check=False)
        yield got.returncode == status and (got.stdout or got.stderr), \
            "cardfile.fcgi %s ends with %d" % (" ".join(arguments), status)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--work", required=True)
    p.add_argument("--key", required=True)
    p.add_argument("--start", type=int, default=0)
    p.add_argument("--count", required=True)
    args = p.parse_args()
    lock = threading.Lock()
    n = args.start

    def report(results):
        nonlocal n
        for good, name in results:
            with lock:
                n += 1
                print("%s %d - %s" % ("ok" if good else "not ok", n, name),
                      flush=True)

    conf = os.path.join(args.work, "etc", "second.conf")
    with open(os.environ["CARDFILE_CONF"], encoding="ascii") as f:
        text = f.read()
    with open(conf, "w", encoding="ascii") as f:
        f.write(text)
    first = Program(args, "first", "--workers", "2")
    waiting = [threading.Thread(target=report, args=(slow(first),)),
               threading.Thread(target=report, args=(stuck(
                   Program(args, "stuck", "--workers", "2")),))]
    for w in waiting:
        w.start()
    report(usage(args))
    report(mounted(args))
    report(broken(first))
    report(reload(Program(args, "reload", "--workers", "2", "--config", conf),
                  conf))
    report(drain(Program(args, "alone")))
    report(spent(Program(args, "spent", "--workers", "2",
                         CARDFILE_MAX_REQUESTS="5")))
    second = Program(args, "bursts", "--workers", "2")
    report(bursts(second))
    report(orphans(second))
    for w in waiting:
        w.join()
    report([(first.stop() == 0, "the first master ends")])
    with open(args.count, "w", encoding="ascii") as f:
        f.write(str(n))


main()
