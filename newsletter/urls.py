from django.urls import path

from . import pages, views

urlpatterns = [
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/sent/", views.sent, name="newsletter_sent"),
    path("newsletter/editions.atom", pages.edition_feed, name="edition_feed"),
    path("newsletter/editions/<uslug:slug>/", pages.edition_detail, name="edition_detail"),
    path("events/", pages.event_list, name="event_list"),
    path("events/<uslug:slug>/", pages.event_detail, name="event_detail"),
    path("events/<uslug:slug>.ics", pages.event_calendar, name="event_calendar"),
    # What a mail program made of a token is looked up as it is: nothing else tells it from one that never was.
    path("newsletter/confirm/<str:token>/", views.confirm, name="newsletter_confirm"),
    path("newsletter/preferences/<str:token>/", views.preferences, name="newsletter_preferences"),
    path("newsletter/unsubscribe/<str:token>/", views.unsubscribe, name="newsletter_unsubscribe"),
]
