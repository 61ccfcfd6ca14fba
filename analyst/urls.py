from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from articles import urls as articles  # first of all: it registers the converters that the others use

from . import views

# Old addresses first, so nothing ever shared stops working.
legacy: list[URLPattern | URLResolver] = []
living: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("admin/", admin.site.urls),
    path("", include(articles)),
    path("", include("publications.urls")),
    path("<uslug:slug>/", views.page_detail, name="page_detail"),
]
urlpatterns = legacy + living

handler400 = "analyst.views.bad_request"
handler404 = "analyst.views.not_found"
