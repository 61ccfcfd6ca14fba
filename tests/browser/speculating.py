"""The journal, and a page that has the browser prepare an article in case it is wanted, and goes there after a while."""

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

PAGE = """<title>Next</title>
<script type="speculationrules">
{"prerender": [{"source": "list", "urls": ["/articles/grain/"], "eagerness": "immediate"}]}
</script>
<script>setTimeout(() => (location = "/articles/grain/"), 3000)</script>"""


@csp_exempt()
def speculate(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("speculate/", speculate), path("", include("analyst.urls"))]
