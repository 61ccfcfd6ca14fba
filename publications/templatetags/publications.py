"""What the pages of other rooms show of this one, written once for the rows that it is written from."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles.prepared import Prepared, Rows
from publications.models import Partner, Publication

register = template.Library()
SHOWN = 12
NEWEST = Prepared(lambda: Publication.objects.listed().for_listing()[:SHOWN])
PARTNERS = Prepared(lambda: Partner.objects.select_related("logo"))


@register.simple_tag
def staff_publications() -> SafeString:
    """The newest staff publications, for the side of a page."""
    return _staff_publications(NEWEST.ask())


@lru_cache(maxsize=10)
def _staff_publications(rows: Rows) -> SafeString:
    return render_to_string("publications/_staff_publications.html", {"publications": NEWEST.read(rows)})


@register.simple_tag
def visit_also() -> SafeString:
    return _visit_also(PARTNERS.ask())


@lru_cache(maxsize=10)
def _visit_also(rows: Rows) -> SafeString:
    return render_to_string("publications/_visit_also.html", {"partners": PARTNERS.read(rows)})
