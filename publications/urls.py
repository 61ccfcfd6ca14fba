from django.urls import path

from . import views

urlpatterns = [
    path("publications/", views.publication_list, name="publication_list"),
    path("publications/<uslug:slug>/", views.publication_detail, name="publication_detail"),
    path("publications/<uslug:slug>/<uslug:name>.pdf", views.publication_pdf, name="publication_pdf"),
]
