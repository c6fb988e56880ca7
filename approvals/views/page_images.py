"""Images of pages for whoever sees the file: reached through it, never by a number of their own."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from approvals.models import Difference, PageImage
from approvals.serving import serve_difference, serve_page
from clients.filing import visible_file


def visible_page(person, pk, number):
    """Page `number` of the file `pk` that `person` sees, or 404."""
    pages = PageImage.objects.select_related("attachment")
    return get_object_or_404(pages, attachment=visible_file(person, pk), number=number)


@require_safe
def page_image(request, pk, number):
    return serve_page(visible_page(request.user, pk, number), request=request)


@require_safe
def page_thumb(request, pk, number):
    return serve_page(visible_page(request.user, pk, number), thumb=True, request=request)


@require_safe
def page_difference(request, pk, number, before, was):
    """What changed on page `number` of the file `pk` since page `was` of the file `before`. Both have to be seen."""
    pages = {"after": visible_page(request.user, pk, number), "before": visible_page(request.user, before, was)}
    found = Difference.objects.select_related("before__attachment", "after__attachment")
    return serve_difference(get_object_or_404(found, **pages), request=request)
