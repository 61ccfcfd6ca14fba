"""The sitemap of the whole journal: an index of every room's pages, and the house's own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import sitemaps as articles
from articles.machines import absolute
from articles.sitemaps import IMAGE, address, answer, sitemap_element, url_element
from newsletter import sitemaps as newsletter
from publications import sitemaps as publications

from .models import Page

SECTIONS = {section.name: section for section in (*articles.SECTIONS, *publications.SECTIONS, *newsletter.SECTIONS)}
LISTS = (
    "home",
    "article_list",
    "author_list",
    "issue_list",
    "publication_list",
    "newsletter",
    "event_list",
    "most_read",
    "how_we_count",
)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    first, *others = (section.numbers(at) for section in SECTIONS.values())
    elements = [sitemap_element(absolute(reverse("sitemap_site")))]
    newest = articles.news(at).values_list("published_at", flat=True).first()
    if newest:
        elements.append(sitemap_element(absolute(reverse("sitemap_news")), newest))
    for name, number, changed in sorted(first.union(*others, all=True), key=lambda row: row[:2]):
        elements.append(sitemap_element(absolute(reverse("sitemap_section", args=[name, number])), changed))
    return answer("sitemapindex", elements)


@require_safe
def sitemap_section(request: HttpRequest, name: str, number: int) -> HttpResponse:
    section = SECTIONS.get(name)
    urls = list(section.urls(number, timezone.now())) if section else []
    if not urls:
        raise Http404
    return answer("urlset", urls, image=IMAGE)


@require_safe
def sitemap_site(request: HttpRequest) -> HttpResponse:
    """The front page, the lists and the flat pages. Their rows do not say when their text changed."""
    slugs = Page.objects.published().order_by("pk").values_list("slug", flat=True)[: articles.SIZE]
    lists = [absolute(reverse(name)) for name in LISTS]
    return answer("urlset", map(url_element, [*lists, *(address("page_detail", slug) for slug in slugs)]))
