"""What Lighthouse 12 says of the pages, as a telephone on a slow line gets them. `python -m bench.lighthouse [address]`.

It runs the sample journal as `make run` does, with DATABASE_URL and MEDIA_ROOT, unless the address of a running one is
given. It needs node, npx and Chromium, and says so where they are not.
"""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

CHROMIUM = os.environ.get("CHROME_PATH", "/usr/bin/chromium")
LIGHTHOUSE = os.environ.get("LIGHTHOUSE", "npx --yes lighthouse@12").split()
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PORT = "8766"
FIXED = (
    "/",
    "/articles/",
    "/categories/analytical-articles/",
    "/issues/",
    "/publications/",
    "/authors/",
    "/search/?q=water",
    "/about/",
)


@contextmanager
def journal() -> Iterator[str]:
    """The address of a journal that runs as long as it is measured."""
    if len(sys.argv) > 1:
        yield sys.argv[1].rstrip("/")
        return
    site = f"http://localhost:{PORT}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {"MEDIA_ROOT": folder, "SECRET_KEY": secrets.token_urlsafe(48)} | os.environ | {"PORT": PORT}
        running = subprocess.Popen([sys.executable, "manage.py", "run"], env=environment, stdout=subprocess.DEVNULL)
        try:
            while not answers(site):
                time.sleep(1)
            # Every size of every image is there before a page is looked at.
            subprocess.run([sys.executable, "manage.py", "worker", "--batch", "--verbosity", "0"], env=environment)
            yield site
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait()


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=10):
            return True
    except (URLError, TimeoutError):
        return False


def found(site: str) -> list[str]:
    """An article with an image, one without, a person and an issue, as the pages of the sample journal name them."""
    with urlopen(f"{site}/articles/") as page:
        cards = page.read().decode().split('<div class="card">')[1:]
    first = re.compile(r'href="(/articles/[^"]+/)"')
    with_image = next(first.findall(card)[0] for card in cards if "<picture" in card)
    without = next(first.findall(card)[0] for card in cards if "<picture" not in card)
    with urlopen(site + with_image) as page:
        text = page.read().decode()
    return [with_image, without, *(re.findall(rf'href="(/{kind}/[^"]+/)"', text)[0] for kind in ("authors", "issues"))]


def report(address: str) -> dict:
    flags = [
        "--quiet",
        "--output=json",
        "--chrome-flags=--headless --no-sandbox",
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    for _ in range(3):  # Chromium does not always come up where much else runs
        done = subprocess.run([*LIGHTHOUSE, address, *flags], env=environment, capture_output=True, text=True)
        if done.returncode == 0:
            break
    return json.loads(done.stdout)


def line(path: str, said: dict) -> str:
    scores = " ".join(f"{round((said['categories'][name]['score'] or 0) * 100):4}" for name in CATEGORIES)
    audits = said["audits"]
    largest, shift, blocked = (
        audits[name].get("numericValue", 0)
        for name in ("largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time")
    )
    return f"{scores} {largest / 1000:6.2f} {shift:6.3f} {blocked:5.0f}  {path}"


def failures(said: dict) -> Iterator[str]:
    """What keeps a category from 100."""
    for name in CATEGORIES:
        for audit in said["categories"][name]["auditRefs"]:
            result = said["audits"][audit["id"]]
            if audit["weight"] and result["score"] is not None and result["score"] < 0.9:
                yield f"{' ' * 41}{name}: {result['title']} {result.get('displayValue', '')}"


def main() -> int:
    if not shutil.which(LIGHTHOUSE[0]) or not os.path.exists(CHROMIUM):
        print(f"Lighthouse is left out: it needs {LIGHTHOUSE[0]} and {CHROMIUM}.")
        return 0
    with journal() as site:
        print("\nLighthouse 12, mobile, throttled\nperf acc. best  seo  LCP s    CLS   TBT  page")
        for path in [*FIXED, *found(site)]:
            said = report(site + path)
            print(line(path, said), *failures(said), sep="\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
