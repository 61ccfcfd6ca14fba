"""What follows when a scheduled article comes out: done once, by whichever worker sees it first.

Nobody waits for it to read: what is public is asked of the database (Publishable.published). Each batch is one
transaction of rows (the history, jobs for PDFs and letters), so a worker that dies leaves all of it to the next one.
"""

from collections import defaultdict
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles import letters
from articles.models import Article

BATCH = 50


def come_out(at: datetime | None = None) -> int:
    """Do what is due, in the order of coming out; returns for how many articles."""
    done, moment = 0, at or timezone.now()
    while found := _batch(moment):
        done += found
    return done


@transaction.atomic
def _batch(at: datetime) -> int:
    due = Article.objects.filter(due_at__lte=at).order_by("due_at", "pk").defer("summary", *Article.TEXTS)
    # Those that another worker has in hand are its own.
    articles = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("status_by", "issue")[:BATCH])
    out = [article for article in articles if article.is_published(at)]
    Article.objects.filter(pk__in=[article.pk for article in articles]).update(due_at=None)
    Article.objects.filter(pk__in=[article.pk for article in out]).update(was_public=True)
    by: dict[User, list[Article]] = defaultdict(list)
    for article in out:
        article.log(article.status_by, "Came out.")
        if article.pdf_url:
            article.order_pdf()
        if article.status_by:
            by[article.status_by].append(article)
    for issue in {article.issue for article in out if article.released_issue}:
        if issue and issue.pdf_url and not issue.pdf:
            issue.order_pdf()
    for person, theirs in by.items():
        letters.came_out(person, theirs)
    return len(articles)
