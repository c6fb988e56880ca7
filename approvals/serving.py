"""Handing out images of pages. Nothing here asks who may see them: whoever calls has reached them through what may be seen."""

from django.http import Http404

from agency.files import served


def serve_page(page, thumb=False, request=None):
    """The answer with the image of a page, or its thumbnail. 404 while it is not drawn, and once its file was taken away.

    It asks no rights: the caller has found `page` through a record that the person, or the contact of a link, may see.
    """
    if not page.attachment.is_kept:
        raise Http404
    return _handed_out(page, page.thumb if thumb else page.image, f"{page.attachment_id}-{page.number}", request)


def serve_difference(difference, request=None):
    """The answer with the picture of what changed. Asks no rights, as `serve_page`."""
    if not (difference.before.attachment.is_kept and difference.after.attachment.is_kept):
        raise Http404
    return _handed_out(difference, difference.image, f"{difference.before_id}-{difference.after_id}", request)


def _handed_out(row, file, name, request):
    if not row.is_ready:
        raise Http404
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return served(content, name=f"{name}.webp", media_type="image/webp", request=request)
