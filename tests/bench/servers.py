"""The programs that are compared, behind one lighttpd."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ["limit-fcgi", "limit-api", "limit-api-plain", "php", "cardfile"]
OBJECT = "/restapi/1.0/object/res.partner"
PLAIN = ["search", "count"]     # also asked of limit-api without the index


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listening(path):
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen(1024)
    return s


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def fetch(url, key="", method="GET", accept="application/json"):
    request = urllib.request.Request(
        url, method=method, data=None if method == "GET" else b"",
        headers={"Authorization": "Bearer " + key, "Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


class Site:
    def __init__(self, build, work, facts, workers, only=NAMES, conf=None):
        self.build = os.path.abspath(build)
        self.work, self.facts, self.workers = work, facts, workers
        self.conf = conf or facts["conf"]
        self.names = only
        self.processes = {}
        self.ports = {name: free_port() for name in only}
        self.sizes = {}

    def __enter__(self):
        self.log = open(os.path.join(self.work, "servers.log"), "a")
        try:
            for name in self.names:
                self.start(name)
            self.start_lighttpd()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(list(self.processes.values())):
            stop(process)
        self.log.close()

    def socket_path(self, name):
        return os.path.join(self.work, name + ".socket")

    def command(self, name):
        n = str(self.workers)
        bench = os.path.join(self.build, "tests", "bench")
        return {
            "limit-fcgi": [f"{bench}/limit_fcgi", n],
            "limit-api": [f"{bench}/limit_api", self.facts["path"], n],
            "limit-api-plain": [f"{bench}/limit_api", self.facts["plain"], n],
            "cardfile": [f"{self.build}/cardfile.fcgi", "--workers", n,
                         "--config", self.conf],
        }[name]

    def start(self, name):
        """All get a listening socket as descriptor 0, but PHP."""
        path = self.socket_path(name)
        if os.path.exists(path):
            os.unlink(path)
        if name == "php":
            self.processes[name] = self.start_php(path)
            return
        with listening(path) as s:
            self.processes[name] = subprocess.Popen(
                self.command(name), stdin=s, stdout=self.log, stderr=self.log)

    def start_php(self, path):
        conf = os.path.join(self.work, "php-fpm.conf")
        root = os.geteuid() == 0
        with open(conf, "w") as f:
            f.write(f"[global]\nerror_log = {self.work}/php.log\n"
                    "daemonize = no\n[bench]\n"
                    + ("user = root\n" if root else "")
                    + f"listen = {path}\nlisten.backlog = 1024\npm = static\n"
                    f"pm.max_children = {self.workers}\n"
                    f"env[BENCH_DATABASE] = {self.facts['path']}\n"
                    "php_admin_value[opcache.validate_timestamps] = 0\n")
        program = shutil.which("php-fpm8.2") or "/usr/sbin/php-fpm8.2"
        return subprocess.Popen(
            [program, "-y", conf] + (["-R"] if root else []),
            stdout=self.log, stderr=self.log)

    def start_lighttpd(self):
        conf = os.path.join(self.work, "lighttpd.conf")
        with open(conf, "w") as f:
            f.write(f'server.port = {free_port()}\n'
                    'server.bind = "127.0.0.1"\n'
                    f'server.document-root = "{HERE}/php"\n'
                    'server.modules = ("mod_rewrite", "mod_fastcgi")\n'
                    'server.max-connections = 1024\n'
                    'server.max-keep-alive-requests = 100000000\n')
            for name in self.names:
                place, rewrite = "/", ""
                if name == "php":
                    place = ".php"
                    rewrite = ('url.rewrite-once = ("^[^?]*([?].*)?$"'
                               ' => "/index.php$1")\n')
                f.write(f'$SERVER["socket"] == "127.0.0.1:{self.ports[name]}"'
                        f' {{\n{rewrite}fastcgi.server = ("{place}" => ((\n'
                        f'"socket" => "{self.socket_path(name)}",\n'
                        '"fix-root-scriptname" => "enable",\n'
                        '"check-local" => "disable")))\n}\n')
        program = shutil.which("lighttpd") or "/usr/sbin/lighttpd"
        self.processes["lighttpd"] = subprocess.Popen(
            [program, "-D", "-f", conf], stdout=self.log, stderr=self.log)
        for name in self.names:
            self.wait(name)

    def url(self, name):
        return f"http://127.0.0.1:{self.ports[name]}"

    def get(self, name, path, accept="application/json", method="GET"):
        return fetch(self.url(name) + path, self.facts["key"], method, accept)

    def wait(self, name):
        for _ in range(100):
            try:
                path = ("/?1" if name == "limit-fcgi" else
                        f"{OBJECT}/{self.facts['first']}")
                if self.get(name, path)[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit(f"{name} does not answer; see {self.work}/servers.log")

    def samples(self):
        """One request of each kind; the answers of all must be the same."""
        first, country = self.facts["first"], self.facts["countries"][0]
        some = ",".join(str(first + 7 * i) for i in range(80))
        domain = (f"domain=[('country_id','=',{country}),"
                  "('is_company','=',True)]").replace("'", "%27")
        page = domain + "&order=name&limit=80"
        return {
            "read1": f"{OBJECT}/{first + 5}",
            "read80": f"{OBJECT}?ids={some}",
            "search": f"{OBJECT}/search?{page}",
            "search_read": f"{OBJECT}?{page}",
            "count": f"{OBJECT}/search_count?{domain}",
        }

    def compare(self):
        """Differences in what was answered, and the sizes of the answers."""
        notes = []
        for operation, path in self.samples().items():
            _, ours = self.get("cardfile", path)
            self.sizes[operation] = len(ours)
            for name in self.names:
                if name in ("limit-fcgi", "cardfile"):
                    continue
                if name == "limit-api-plain" and operation not in PLAIN:
                    continue
                status, theirs = self.get(name, path)
                if status != 200 or json.loads(theirs) != json.loads(ours):
                    notes.append(f"{operation}: {name} answers otherwise")
                elif name.startswith("limit-api") and theirs != ours:
                    notes.append(f"{operation}: {name} differs in its bytes")
        for operation in ("update", "create", "mix"):
            self.sizes[operation] = self.sizes["read1"]
        return notes

    def load(self, name, operation, connections, seconds, accept=None):
        f = self.facts
        numbers = f"{f['first']}:{f['last']}:{f['spare']}"
        if name == "limit-fcgi":
            numbers, operation = str(self.sizes[operation]), "fixed"
        countries = ",".join(str(c) for c in f["countries"])
        done = subprocess.run(
            ["wrk", "-t", str(min(2, connections)), "-c", str(connections),
             "-d", f"{max(1, round(seconds))}s", "--timeout", "10s", "-s",
             os.path.join(HERE, "load.lua"), self.url(name), "--", operation,
             f["key"], numbers, countries, accept or "application/json"],
            check=True, stdout=subprocess.PIPE, text=True)
        found = re.search(r"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)",
                          done.stdout, re.M)
        n, us, broken, refused, p50, p99 = map(int, found.groups())
        return {"rate": n * 1e6 / us, "requests": n, "p50": p50 / 1000,
                "p99": p99 / 1000, "errors": broken + refused}
