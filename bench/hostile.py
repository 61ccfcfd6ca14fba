"""20,000 requests that mean no good, half of them by hypothesis: statuses, and what failed. `python -m bench.hostile [requests]`."""

import logging
import sys
import time
from collections import Counter
from random import randrange

from bench.many import ensure_database, fill, settings  # first: it sets Django up

from django.test import Client  # isort: skip
from hypothesis import given  # isort: skip
from tests.hostile_requests import Asked, asked, generated  # isort: skip
from tests.test_no_500 import hostile_to  # isort: skip

statuses: Counter[int] = Counter()
failed: list[Asked] = []


def ask(one: Asked) -> None:
    status = Client(raise_request_exception=False).request(**one.environ).status_code
    statuses[status] += 1
    if status >= 500:
        failed.append(one)


def main(number: int) -> int:
    settings.ALLOWED_HOSTS = ["testserver"]
    logging.disable()
    ensure_database()
    fill(100)
    started, seed = time.perf_counter(), randrange(10**6)
    for one in generated(number // 2, seed):
        ask(one)
    hostile_to(number // 2)(given(one=asked)(ask))()
    seconds = time.perf_counter() - started
    print(
        f"\n{statuses.total():,} hostile requests in {seconds:,.0f} s (seed {seed}): {dict(sorted(statuses.items()))}"
    )
    for one in failed[:20]:
        print(f"  failed: {one}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
