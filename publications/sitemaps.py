"""The staff publications in the sitemap."""

from articles.sitemaps import Section

from .models import Publication

SECTIONS = (Section("publications", Publication.objects.listed, "publication_detail"),)
