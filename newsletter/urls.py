from django.urls import path

from . import views

urlpatterns = [
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/sent/", views.sent, name="newsletter_sent"),
    # What a mail program made of a token is looked up as it is: nothing else tells it from one that never was.
    path("newsletter/confirm/<str:token>/", views.confirm, name="newsletter_confirm"),
    path("newsletter/preferences/<str:token>/", views.preferences, name="newsletter_preferences"),
    path("newsletter/unsubscribe/<str:token>/", views.unsubscribe, name="newsletter_unsubscribe"),
]
