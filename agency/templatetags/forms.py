"""What forms and moves are built from; in every template without loading. Every tag is told in docs/ui.md."""

from django import template
from django.forms import BaseForm

register = template.Library()


@register.inclusion_tag("_form_errors.html")
def form_errors(form):
    """All that has to be mended, above the form, each with a link to its field."""
    if not isinstance(form, BaseForm):
        raise TypeError("form_errors takes a form.")
    faults = [(field, error) for field in form for error in field.errors]
    return {"form": form, "faults": faults, "count": len(faults) + len(form.non_field_errors())}


@register.inclusion_tag("_move_buttons.html")
def move_buttons(record, *, moves, url="", quiet=False, small=False):
    """Buttons for the moves a person can make: the first one stands out, the others are in a menu.

    Each posts `seen` (the version on this page) and, where the move asks for it, `reason` to `<url>move/<name>/`.
    url: where the record lives, if not at its own address · quiet: none of them is the page's main button · small: in a table.
    """
    moves = list(moves)
    first = [it for it in moves[:1] if not getattr(it, "undoes", "")]  # taking back is never the page's main button
    at = url or (record.get_absolute_url() if moves else "")
    return {"record": record, "first": first, "others": moves[len(first) :], "at": at, "quiet": quiet, "small": small}
