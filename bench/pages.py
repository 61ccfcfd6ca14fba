"""What public pages cost, as multiples of a bare view that returns the same bytes. `python -m bench.pages [rounds]`.

Both are asked as a server asks, through a WSGI handler: our pages with the settings that are shipped, on the sample
journal; the bare view in a project with the middleware that `startproject` gives it (bench/bare.py). Counted is the
processor time of this process: neither the database's own, nor what else runs on the machine. They take turns, one of
each in a round, and their medians are compared. The second number is the same with the bare view behind our own
middleware. No page is cached; parts are remembered by their values (`lru_cache`), so one article is asked for once more
with all of that forgotten, but for what stands around every page.
"""

import os
import statistics
import sys
import time
from io import BytesIO

os.environ["DJANGO_SETTINGS_MODULE"] = "analyst.settings"

from bench.many import call_command, connection, ensure_database, settings  # first: it sets Django up

from django.core.handlers.wsgi import WSGIHandler  # isort: skip
from django.test import override_settings  # isort: skip

from articles import images  # isort: skip
from articles.models import Article, Image  # isort: skip
from articles import citations, prose, rich_text  # isort: skip
from articles.models.illustrated import _laid_out  # isort: skip
from articles.templatetags.remembered import _written  # isort: skip
from bench import bare  # isort: skip
from bench.targets import said_of  # isort: skip

ROUNDS = 200
FIRST = "the same, never read before"
MOST = 20  # times the bare view, of an article
MEMORY = {"BACKEND": "django.core.files.storage.InMemoryStorage"}


def sample_journal() -> None:
    """With every size of its images, as if the worker had made them: pages name them all."""
    if not Article.objects.exists():
        settings.STORAGES |= {"default": MEMORY, "private": MEMORY}  # pages name images, and read no file
        call_command("demo", stdout=sys.stderr)
    for image in Image.objects.exclude(width=0):
        Image.objects.filter(pk=image.pk).update(widths=images.widths_for(image.width))


def public_paths() -> dict[str, str]:
    articles = Article.objects.published().newest_first()
    illustrated = articles.filter(lead_image__width__gt=0, issue__isnull=False)[0]
    category = illustrated.category
    assert category is not None
    return {
        "an article, illustrated": illustrated.get_absolute_url(),
        FIRST: illustrated.get_absolute_url(),
        "an article without image": articles.filter(lead_image=None)[0].get_absolute_url(),
        "the front page": "/",
        "the list of articles": "/articles/",
        "a category": category.get_absolute_url(),
        "a person": illustrated.bylines.all()[0].author.get_absolute_url(),
        "a search": "/search/?q=water",
        "the Atom feed": "/feeds/articles.atom",
    }


def ask(handler: WSGIHandler, address: str) -> tuple[float, bytes]:
    """Processor seconds and bytes of one answer."""
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
    }  # fmt: skip
    statuses: list[str] = []
    started = time.process_time()
    answer = handler(environ, lambda status, headers: statuses.append(status))
    body = b"".join(answer)
    answer.close()
    seconds = time.process_time() - started
    assert statuses == ["200 OK"], (address, statuses)
    return seconds, body


def forget() -> None:
    """All that is remembered of articles."""
    for remembered in (prose.show, rich_text.summary_text, citations.chicago, citations.apa, _laid_out, _written):
        remembered.cache_clear()


def medians(rounds: int, turns: dict[str, tuple[WSGIHandler, str]], around: str) -> dict[str, float]:
    """Milliseconds, of taking turns: so that what disturbs one disturbs all."""
    times: dict[str, list[float]] = {name: [] for name in turns}
    for turn in range(rounds + 1):
        for name, (handler, address) in turns.items():
            if name == FIRST:
                forget()
                ask(handler, around)  # what stands around every page is known
            seconds, _ = ask(handler, address)
            if turn:  # the first warms
                times[name].append(seconds * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


def main(rounds: int) -> None:
    settings.ROOT_URLCONF = "bench.bare"
    ensure_database()
    sample_journal()
    ours = WSGIHandler()
    with override_settings(MIDDLEWARE=bare.MIDDLEWARE):
        plain = WSGIHandler()
    pages = public_paths()
    bare.BYTES.update((address, ask(ours, address)[1]) for address in pages.values())
    turns = {}
    for name, address in pages.items():
        same = f"/bare/?of={address}"
        turns |= {name: (ours, address), f"bare {name}": (plain, same), f"behind {name}": (ours, same)}
    turns |= {name: (plain, address) for name, address in bare.MEASURES.items()}
    found = medians(rounds, turns, around=pages["an article without image"])
    print(
        f"\nPages, {connection.vendor}\n{'times':>6} {'behind':>7} {'ms':>8} {'bare ms':>8}    bytes  {'must hold':15}  page"
    )
    for name, address in pages.items():
        page, same, behind = found[name], found[f"bare {name}"], found[f"behind {name}"]
        size = len(bare.BYTES[address])
        must = said_of(page / same, MOST) if address.startswith("/articles/") and address != "/articles/" else ""
        print(
            f"{page / same:6.1f} {page / behind:7.1f} {page:8.2f} {same:8.2f} {size:8,}  {must:15}  {name}, {address}"
        )
    for name in bare.MEASURES:
        print(f"{found[name] / same:6.1f} {'':7} {found[name]:8.2f} {same:8.2f} {'':8}  {'':15}  {name}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
