"""What our pages are compared with: a project as `startproject` makes it, whose view returns the bytes of our page.

The other two say what a ratio means: a small template, and eight plain queries shown by it.
"""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from articles.models import Category

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
BYTES: dict[str, bytes] = {}  # of our pages, by their addresses
LIST = engines["django"].from_string(
    "<title>{{ title }}</title><ul>{% for row in rows %}<li>{{ row }}{% endfor %}</ul>"
)


MEASURES = {"a small template": "/small-template/", "and eight plain queries": "/eight-queries/"}


def same_bytes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BYTES[request.GET["of"]])


def small_template(request: HttpRequest) -> HttpResponse:
    return HttpResponse(LIST.render({"title": "Small", "rows": range(10)}))


def eight_queries(request: HttpRequest) -> HttpResponse:
    rows = [row for n in range(8) for row in Category.objects.filter(position__gte=n)[:1]]
    return HttpResponse(LIST.render({"title": "Eight", "rows": rows}))


urlpatterns = [
    path("bare/", same_bytes),
    path("small-template/", small_template),
    path("eight-queries/", eight_queries),
    path("", include("analyst.urls")),
]
