"""What is told or asked on top of a page, and how far something has come; in every template without loading, see docs/ui.md."""

from urllib.parse import parse_qsl

from django import template
from django.contrib.messages import constants
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agency.templatetags.ui import STATES

register = template.Library()

LEVELS = {constants.ERROR: "late", constants.WARNING: "risk", constants.SUCCESS: "done"}
URGENT = {"late", "risk"}
DAY = 24  # hours on the clock


@register.simple_block_tag
def notice(content, *, state, closing=False):
    """Why something is so and what would make it possible, in place. closing: it can be closed (see `toast`)."""
    return render_to_string("_notice.html", {"state": known(state), "content": content, "closing": closing})


@register.simple_block_tag
def toast(content, *, state):
    """What has just happened. It takes no focus and stays until closed or the page is left; faults are read out at once."""
    told = {"state": known(state), "content": content, "closing": True, "role": "alert" if state in URGENT else ""}
    return render_to_string("_notice.html", told)


@register.filter
def state_of_message(message):
    """One of the seven for a message of django.contrib.messages."""
    return LEVELS.get(message.level, "ours")


@register.filter
def offer(message):
    """What goes with a message, as `agency.pages.tell` says."""
    return dict(parse_qsl(message.extra_tags or ""))


@register.simple_block_tag
def dialog(content, *, name, title, opener, kind="btn"):
    """A question that needs words, on top of the page; without JavaScript it opens in place.

    name: its identifier, once a page · opener: the word on the button · kind: the classes of the button
    """
    told = {"name": name, "title": title, "opener": opener, "kind": kind, "content": content}
    return render_to_string("_dialog.html", told)


@register.simple_tag
def dialog_cancel(*, word=""):
    """The button in a dialog's foot that closes it and sends nothing."""
    word = word or pgettext("a dialog", "Cancel")
    return format_html('<button class="btn btn--plain dialog__cancel" type="button" data-close>{}</button>', word)


@register.simple_tag
def progress(value, *, whole, label, state=""):
    """How much of a whole is done, as a bar; `label` says it in words."""
    state = format_html(' data-state="{}"', known(state)) if state else ""
    return format_html('<progress class="meter" value="{}" max="{}" aria-label="{}"{}></progress>', value, whole, label, state)


@register.simple_block_tag
def clock(content, *, left, title, whole=DAY, state=""):
    """Hours of working time that run out: one tick an hour, those gone are filled. The content says what to do about it."""
    state = known(state) if state else "late" if left < 0 else "risk" if left <= whole / 6 else "ours"
    ticks = [(f"{hour * 100 / whole:.3f}%", hour < whole - left) for hour in range(whole)]
    word = _("hours over") if left < 0 else _("hours left")
    told = {"left": abs(left), "word": word, "title": title, "state": state, "ticks": ticks, "content": content}
    return render_to_string("_clock.html", told)


def known(state):
    """The state itself; a KeyError for one that is not among the seven."""
    return state if STATES[state] else ""
