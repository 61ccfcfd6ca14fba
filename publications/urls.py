from django.urls import path

from . import views

urlpatterns = [
    path("publications/", views.publication_list, name="publication_list"),
    path("publications/<uslug:slug>/", views.publication_detail, name="publication_detail"),
    path("publications/<uslug:slug>/share.jpg", views.publication_share, name="publication_share"),
    path("publications/<uslug:slug>/cite.<slug:extension>", views.publication_citation, name="publication_citation"),
    path("authors/<uslug:slug>/cite.<slug:extension>", views.author_citations, name="author_citations"),
    path("publications/<uslug:slug>/<uslug:name>.pdf", views.publication_pdf, name="publication_pdf"),
]
