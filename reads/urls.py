from django.urls import path

from . import views

urlpatterns = [path("articles/<uslug:slug>/read", views.article_read, name="article_read")]
