"""What the pages of other rooms show of this one."""

from django import template
from django.utils import timezone

from articles.models import Article
from reads.models import Period, Total
from reads.most_read import MostRead

register = template.Library()


@register.inclusion_tag("reads/_number.html")
def read_number(article: Article) -> dict[str, object]:
    """How often an article was read, as of the last midnight; the page's script has the number of the minute."""
    return {"article": article, "number": Total.objects.number_of_the_day(article, timezone.now())}


@register.simple_tag
def read_lately(most: int) -> list[tuple[Article, int]]:
    """What was read most in the last seven days."""
    return MostRead.of(Period.WEEK, most).articles()
