"""What is no rate: XML against JSON, memory, the first answer."""
import os
import statistics
import subprocess
import time

import servers


def private_bytes(pid):
    """Its own memory; pages of the mapped database are everybody's."""
    with open(f"/proc/{pid}/smaps_rollup") as f:
        for line in f:
            if line.startswith("Private_Dirty"):
                return int(line.split()[1]) * 1024
    return 0


def children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], check=False,
                           stdout=subprocess.PIPE, text=True).stdout
    return [int(p) for p in found.split()]


def largest(site):
    return max(private_bytes(p)
               for p in children(site.processes["cardfile"].pid))


def xml_ratio(o, site):
    json, xml = [], []
    for _ in range(o.rounds):
        json.append(site.load("cardfile", "read80", 8, o.seconds)["rate"])
        xml.append(site.load("cardfile", "read80", 8, o.seconds,
                             "application/xml")["rate"])
    return statistics.median(json), statistics.median(xml)


def memory(o, site):
    """Bytes of the largest child after so many requests of all kinds."""
    out, done, wanted = [], 0, [1000, 10000, 50000, 100000]
    if o.quick:
        wanted = wanted[:1]
    while wanted:
        for operation in ("read1", "read80", "search_read", "update", "mix"):
            done += site.load("cardfile", operation, 8, 1)["requests"]
        if done >= wanted[0]:
            out.append((done, largest(site)))
            while wanted and done >= wanted[0]:
                wanted.pop(0)
    return out


def cold(o, work, facts, name):
    """Milliseconds from the start of a lone worker to its first answer."""
    path = servers.OBJECT + f"/{facts['first']}"
    times = []
    with servers.Site(o.build, work, facts, 1, [name]) as site:
        for _ in range(3 if o.quick else 15):
            servers.stop(site.processes[name])
            time.sleep(0.2)
            start = time.monotonic()
            site.start(name)
            status, _ = site.get(name, path)
            if status == 200:
                times.append((time.monotonic() - start) * 1000)
    return statistics.median(times) if times else None


def measure(o, work, facts):
    conf = os.path.join(work, "memory.conf")
    with open(facts["conf"]) as f, open(conf, "w") as g:
        g.write(f.read() + "max_requests = 100000000\n")
    found = {}
    with servers.Site(o.build, work, facts, 2, ["cardfile"]) as site:
        found["xml"] = xml_ratio(o, site)
    with servers.Site(o.build, work, facts, 1, ["cardfile"], conf) as site:
        found["idle"] = largest(site)
        found["memory"] = memory(o, site)
    for name in ("cardfile", "limit-api"):
        found["cold " + name] = cold(o, work, facts, name)
    return found
