"""The button below a document that gives it on paper (`agency/paper.py`)."""

from django import template

from agency import paper

register = template.Library()


@register.inclusion_tag("_save_as_pdf.html")
def save_as_pdf(*, url):
    """Saves the document as a PDF from `url`; where this server cannot make one, opens it there to be printed, and says so."""
    return {"url": url, "is_pressed": not paper.MISSING}
