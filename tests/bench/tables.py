"""The result in Markdown."""
import os
import platform
import sqlite3
import subprocess


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    return f"{os.cpu_count()} x {model}, {system}, kernel {platform.release()}"


def version(*command):
    try:
        text = subprocess.run(command, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True).stdout
    except FileNotFoundError:
        return "?"
    return text.strip().split("\n")[0].split(" (")[0]


def number(n):
    return f"{n:,.0f}"


def ratio(a, b):
    return f"{a / b:.2f}" if b else "-"


def row(cells):
    return "| " + " | ".join(cells) + " |"


def rates(workers, results):
    lines = [f"### {workers} workers", "", row([
        "operation", "connections", "limit-fcgi", "limit-api", "PHP",
        "Cardfile", "/ fcgi", "/ api", "/ PHP", "p99 ms", "api p99",
        "failed"]), "|---|" + "---:|" * 11]
    keys = [k for k in results if k[0] == workers and k[3] == "cardfile"]
    for _, operation, connections, _ in keys:
        r = {name: results[workers, operation, connections, name] for name in
             ("limit-fcgi", "limit-api", "php", "cardfile")}
        ours = r["cardfile"]["rate"]
        lines.append(row([operation, str(connections)]
            + [number(r[n]["rate"]) for n in
               ("limit-fcgi", "limit-api", "php", "cardfile")]
            + [ratio(ours, r[n]["rate"]) for n in
               ("limit-fcgi", "limit-api", "php")]
            + [f"{r['cardfile']['p99']:.1f}", f"{r['limit-api']['p99']:.1f}",
               str(sum(x["errors"] for x in r.values()))]))
    return lines + [""]


def plain(results):
    lines = ["### Without the covering index", "", row([
        "operation", "workers", "connections", "limit-api without it",
        "Cardfile with it", "ratio"]), "|---|" + "---:|" * 5]
    for key in results:
        workers, operation, connections, name = key
        if name != "limit-api-plain":
            continue
        ours = results[workers, operation, connections, "cardfile"]["rate"]
        theirs = results[key]["rate"]
        lines.append(row([operation, str(workers), str(connections),
                          number(theirs), number(ours), ratio(ours, theirs)]))
    return lines + [""]


def others(found):
    json, xml = found["xml"]
    mib = 1024 * 1024
    lines = ["### Besides", "", row(["what", "value"]), "|---|---|",
             row(["80 records as JSON, requests/s", number(json)]),
             row(["80 records as typed XML", number(xml)]),
             row(["XML / JSON", ratio(xml, json)]),
             row(["private memory, idle, MiB", f"{found['idle'] / mib:.1f}"])]
    for requests, size in found["memory"]:
        lines.append(row([f"after {requests:,} requests", f"{size / mib:.1f}"]))
    for name in ("cardfile", "limit-api"):
        ms = found["cold " + name]
        lines.append(row([f"first answer of a cold worker, {name}, ms",
                          "-" if ms is None else f"{ms:.1f}"]))
    return lines + [""]


def report(o, facts, results, found, notes):
    lines = [f"- Machine: {machine()}",
             f"- {version('lighttpd', '-v')}, SQLite {sqlite3.sqlite_version},"
             f" {version('php-fpm8.2', '-v')}",
             f"- {facts['partners']:,} partners,"
             f" {facts['size'] / 1048576:.0f} MiB; medians of {o.rounds}"
             f" interleaved rounds of {max(1, round(o.seconds))} s", ""]
    lines += [f"- {note}" for note in sorted(set(notes))] + [""]
    for workers in o.workers:
        lines += rates(workers, results)
    lines += plain(results) + others(found)
    return "\n".join(lines)
