"""What the pages of lists are built from; docs/ui.md shows each. Load with `{% load lists %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agency.lists import address

register = template.Library()


@register.simple_tag
def sortable(listing, column):
    """The head of a column: a link that sorts by it, where the list can be sorted by it."""
    end = format_html(' class="{}"', "list__end") if column.looks.startswith("list__end") else ""
    if column.sort is None:
        return format_html('<th scope="col"{}>{}</th>', end, column.label)
    link = format_html('<a class="sort" href="{}">{}</a>', listing.sorting(listing.turn(column)), column.label)
    return format_html('<th scope="col"{}{}>{}</th>', end, sorted_so(listing, column), link)


def sorted_so(listing, column):
    """The attribute that says which way the list is sorted by this column, if it is."""
    way = {column.key: "ascending", f"-{column.key}": "descending"}.get(listing.sorted_by)
    return format_html(' aria-sort="{}"', way) if way else ""


@register.simple_tag(takes_context=True)
def cell(context, column, row):
    """What a row says in a column; the column that names the row is its head."""
    inner, looks = drawn(context, column, row), column.looks
    if column.what:
        return format_html('<th scope="row" class="{}">{}</th>', looks, inner)
    if inner and column.named:
        return format_html('<td class="{}" data-label="{}">{}</td>', looks, column.label, inner)
    return format_html('<td class="{}">{}</td>', looks, inner)


def drawn(context, column, row):
    """The inside of a cell. A template draws it as an inclusion tag would: from the row, with the token of its forms."""
    if not column.part:
        return column.html(row)
    part = context.template.engine.get_template(column.part)
    return SafeString(part.render(context.new({"row": row, "csrf_token": context.get("csrf_token")})).strip())


@register.simple_tag(takes_context=True)
def without(context, name):
    """The address of this list without the question `name`."""
    return address(context["request"].GET, **{name: None})


@register.simple_tag(takes_context=True)
def cleared(context, filters):
    """The address of this list without any of its questions; its sequence stays."""
    return address(context["request"].GET, **dict.fromkeys(filters.asked))
