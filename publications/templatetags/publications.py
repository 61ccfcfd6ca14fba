"""What the pages of other rooms show of this one."""

from django import template

from publications.models import Partner, Publication

register = template.Library()


@register.inclusion_tag("publications/_staff_publications.html")
def staff_publications(count: int = 12) -> dict[str, object]:
    """The newest staff publications, for the side of a page."""
    return {"publications": Publication.objects.listed().for_listing()[:count]}


@register.inclusion_tag("publications/_visit_also.html")
def visit_also() -> dict[str, object]:
    return {"partners": Partner.objects.select_related("logo")}
