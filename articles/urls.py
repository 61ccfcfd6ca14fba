from datetime import date

from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from . import feeds, sign_off, sitemaps, views
from .slugs import UnicodeSlugConverter


class DayConverter:
    """A date as in 2016-03-15."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


class WidthConverter(IntConverter):
    """In px, in one way of writing: 400, not 0400."""

    regex = "[1-9][0-9]{0,3}"


class FeedFormConverter(StringConverter):
    regex = "|".join(feeds.TYPES)


register_converter(FeedFormConverter, "feed")
register_converter(UnicodeSlugConverter, "uslug")
register_converter(DayConverter, "day")
register_converter(WidthConverter, "width")

urlpatterns = [
    path("articles/", views.article_list, name="article_list"),
    path("articles/<uslug:slug>/", views.article_detail, name="article_detail"),
    path("articles/<uslug:slug>/changes/<int:number>/", views.article_changes, name="article_changes"),
    path("articles/<uslug:slug>/share.jpg", views.article_share, name="article_share"),
    path("articles/<uslug:slug>/cite.<slug:extension>", views.article_citation, name="article_citation"),
    path("articles/<uslug:slug>/<uslug:name>.pdf", views.article_pdf, name="article_pdf"),
    path("categories/<uslug:slug>/", views.category_detail, name="category_detail"),
    path("tags/<uslug:slug>/", views.tag_detail, name="tag_detail"),
    path("authors/", views.author_list, name="author_list"),
    path("authors/<uslug:slug>/", views.author_detail, name="author_detail"),
    path("authors/<uslug:slug>/share.jpg", views.author_share, name="author_share"),
    path("issues/", views.issue_list, name="issue_list"),
    path("issues/<day:day>/", views.issue_detail, name="issue_detail"),
    path("issues/<day:day>/share.jpg", views.issue_share, name="issue_share"),
    path("issues/<day:day>/<day:name>.pdf", views.issue_pdf, name="issue_pdf"),
    path("feeds/articles.<feed:form>", feeds.journal_feed, name="journal_feed"),
    path("categories/<uslug:slug>/feed.<feed:form>", feeds.category_feed, name="category_feed"),
    path("authors/<uslug:slug>/feed.<feed:form>", feeds.author_feed, name="author_feed"),
    path("tags/<uslug:slug>/feed.<feed:form>", feeds.tag_feed, name="tag_feed"),
    path("sitemap-news.xml", sitemaps.sitemap_news, name="sitemap_news"),
    path("media/<slug:key>/<width:width>.<slug:extension>", views.media, name="media"),
    # A broken link is answered like one that is over: by what no row has.
    path("sign-off/<str:token>/", sign_off.sign_off, name="sign_off"),
    path("sign-off/<str:token>/images/<slug:key>.jpg", sign_off.sign_off_image, name="sign_off_image"),
    path("share.jpg", views.journal_share, name="journal_share"),
]
