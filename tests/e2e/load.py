"""Clients that write while processes are replaced or killed."""
import argparse
import os
import random
import signal
import threading
import time

import client


class Writer(threading.Thread):
    """Creates records until told to stop; keeps what was acknowledged."""

    def __init__(self, url, key, number):
        super().__init__()
        self.client = client.Client(url, key)
        self.number, self.written, self.failed = number, {}, []
        self.stopping = False

    def run(self):
        n = 0
        while not self.stopping:
            n += 1
            name = "e2e-load-%d-%d" % (self.number, n)
            try:
                self.written[self.client.create(name)] = name
            except client.Failed as e:
                self.failed.append(str(e))


def children(master, name="worker"):
    out = []
    with open("/proc/%d/task/%d/children" % (master, master),
              encoding="ascii") as f:
        for pid in f.read().split():
            try:
                with open("/proc/%s/comm" % pid, encoding="ascii") as c:
                    if c.read().strip() == name:
                        out.append(int(pid))
            except OSError:
                pass
    return out


def hit(pid, signo):
    try:
        os.kill(pid, signo)
    except ProcessLookupError:
        pass


def failures(writers):
    return sum(len(w.failed) for w in writers)


class Test:
    def __init__(self, args):
        self.args, self.n = args, args.start
        self.writers = [Writer(args.url, args.key, i) for i in range(8)]

    def report(self, good, name, more=()):
        self.n += 1
        print("%s %d - %s" % ("ok" if good else "not ok", self.n, name))
        for line in more if not good else ():
            print("# " + line)
        if self.args.count:
            with open(self.args.count, "w", encoding="ascii") as f:
                f.write(str(self.n))

    def events(self, times, pause, event, most, name):
        """So many events may cost so many requests each."""
        before, done = failures(self.writers), self.written()
        for _ in range(times):
            event()
            time.sleep(pause)
        time.sleep(1)
        lost = failures(self.writers) - before
        made = self.written() - done
        print("# %s: %d written, %d failed" % (name, made, lost))
        self.report(lost <= most * times, "%s: %d failed requests at most"
                    % (name, most * times),
                    [f for w in self.writers for f in w.failed][-10:])
        self.report(made > 10 * times, name + ": clients go on writing")

    def written(self):
        return sum(len(w.written) for w in self.writers)

    def worker(self):
        """One of the workers that are there longest."""
        return random.choice(children(self.args.master)[:4])

    def run(self):
        master = self.args.master
        for w in self.writers:
            w.start()
        try:
            time.sleep(0.5)
            self.events(10, 0.3, lambda: hit(master, signal.SIGHUP), 0,
                        "10 reloads")
            self.events(20, 0.15, lambda: hit(self.worker(), signal.SIGTERM),
                        0, "20 workers told to leave")
            self.events(20, 0.3, lambda: hit(self.worker(), signal.SIGKILL),
                        1, "20 workers killed")
        finally:
            for w in self.writers:
                w.stopping = True
            for w in self.writers:
                w.join()
        self.check()

    def check(self):
        """Every acknowledged write is read back, and nothing came twice."""
        lost, twice, there = [], 0, 0
        for w in self.writers:
            names = w.client.names(sorted(w.written))
            there += len(names)
            lost += [n for i, n in w.written.items() if names.get(i) != n]
            twice += len(w.written) - len(set(w.written.values()))
        self.report(not lost and there > 0,
                    "every one of %d acknowledged writes is there" % there,
                    lost[:20])
        self.report(twice == 0, "none of them twice")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--url", required=True)
    p.add_argument("--key", required=True)
    p.add_argument("--master", type=int, required=True)
    p.add_argument("--start", type=int, default=0)
    p.add_argument("--count")
    Test(p.parse_args()).run()


if __name__ == "__main__":
    main()
