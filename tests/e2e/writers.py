"""Writers in parallel, all for the same time: how many records each made."""
import argparse
import multiprocessing
import time

import client


def write(url, key, number, start, seconds, results):
    c = client.Client(url, key)
    n, failed = 0, []
    time.sleep(max(0, start - time.time()))
    while time.time() < start + seconds:
        try:
            c.create("e2e-writer-%d-%d" % (number, n))
            n += 1
        except client.Failed as e:
            failed.append(str(e))
    results.put((n, failed))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--url", required=True)
    p.add_argument("--key", required=True)
    p.add_argument("--writers", type=int, default=32)
    p.add_argument("--seconds", type=float, default=8)
    args = p.parse_args()
    results = multiprocessing.Queue()
    start = time.time() + 1
    writers = [multiprocessing.Process(target=write, args=(
        args.url, args.key, i, start, args.seconds, results))
        for i in range(args.writers)]
    for w in writers:
        w.start()
    got = [results.get() for _ in writers]
    for w in writers:
        w.join()
    made = sorted(n for n, _ in got)
    failed = [f for _, fs in got for f in fs]
    print(made[0], made[-1], sum(made), len(failed))
    for f in failed[:10]:
        print(f)


main()
