from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from articles import urls as articles  # first of all: it registers the converters that the others use

from . import health, reports, sitemaps, views

# Old addresses first, so nothing ever shared stops working.
legacy: list[URLPattern | URLResolver] = []
living: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("admin/logout/", account.logout),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("accounts/", include("analyst.signing_in.urls")),
    path("", include("reads.urls")),
    path("articles/<uslug:slug>/<uslug:name>.pdf", views.article_pdf),  # before that of articles, which does not count
    path("", include(articles)),
    path("", include("publications.urls")),
    path("", include("newsletter.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("csp-reports", reports.csp_reports, name="csp_reports"),
    path("robots.txt", views.robots_txt, name="robots_txt"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-site.xml", sitemaps.sitemap_site, name="sitemap_site"),
    path("sitemap-<slug:name>-<int:number>.xml", sitemaps.sitemap_section, name="sitemap_section"),
    path("<uslug:slug>/", views.page_detail, name="page_detail"),
]
if "WEBHOOK_SECRET" in settings.ANYMAIL:  # without one, anybody could say that anybody complained
    living.insert(0, path("anymail/", include("anymail.urls")))
urlpatterns = legacy + living

handler400 = "analyst.views.bad_request"
handler404 = "analyst.views.not_found"
