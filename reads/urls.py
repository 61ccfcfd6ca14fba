from django.urls import path

from . import pages, views

urlpatterns = [
    path("articles/<uslug:slug>/read", views.article_read, name="article_read"),
    path("most-read/", pages.most_read, name="most_read"),
    path("reads/", pages.how_we_count, name="how_we_count"),
    path("reads/<slug:secret>/", pages.author_reads, name="author_reads"),
]
