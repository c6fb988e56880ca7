"""What the campaigns of a period earn, added up by campaign, client, group or time: the page's rows, and its file."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.exports import WRITERS, attachment
from agency.lists import MOST, TOLD, Column, address
from agency.log import security
from campaigns.models import Campaign
from campaigns.models.estimate import MARGIN
from campaigns.money_forms import MoneyFilter
from campaigns.profit import Money, gathered, money_of

PAGE, DIGITS = 50, 6
SCALE, WHOLE = 60, 1000  # per cent at which a bar ends, and its width


class Weighed:
    """One row: what is added up, where it leads, its Money, and its margin as a bar with the floor in it."""

    def __init__(self, name, money, *, url="", client=None, job="", agreed_on=None):
        self.name, self.money, self.url, self.client, self.job, self.agreed_on = name, money, url, client, job, agreed_on

    @property
    def profit(self):
        return self.money.profit

    @property
    def state(self):
        if self.profit.profit < 0:
            return "late"
        return "risk" if self.money.is_under_floor else "done"

    @property
    def bar(self):
        return int(max(0, min(self.profit.margin or 0, SCALE)) * WHOLE / SCALE)

    @property
    def floor(self):
        return int(min(settings.MARGIN_FLOOR, SCALE) * WHOLE / SCALE)


def amount(name, label):
    return Column(name, label, f"profit.{name}", kind="money")


COLUMNS = (
    Column("client", gettext_lazy("Client"), "client.code"),
    Column("name", gettext_lazy("What"), "name", what=True),
    Column("job", gettext_lazy("Job number"), "job"),
    Column("agreed_on", gettext_lazy("Agreed by the client"), "agreed_on", kind="date"),
    Column("campaigns", gettext_lazy("Campaigns"), "money.campaigns", kind="number"),
    amount("billed", gettext_lazy("Billed")),
    amount("third_party", gettext_lazy("To third parties")),
    amount("income", gettext_lazy("Gross income")),
    amount("over", gettext_lazy("Over the lines")),
    amount("labour", gettext_lazy("Time")),
    amount("profit", gettext_lazy("Profit")),
    amount("margin", gettext_lazy("Margin in % of gross income")),
    amount("margin_of_billings", gettext_lazy("Margin in % of billings")),
)
OF_ONE, OF_SEVERAL = {"job", "agreed_on"}, {"campaigns"}


class MoneyTable:
    """The sums that the address asks for: of the campaigns whose margin a person sees, agreed in the period, weakest first."""

    name, optional, exports = "money", (), tuple(WRITERS)

    def __init__(self, request):
        self.request, self.person, self.asked = request, request.user, request.GET
        seen = Campaign.objects.where(self.person, MARGIN)
        self.filter = MoneyFilter(request.GET, seen=seen, person=self.person)
        self.found = self.filter.of(seen)
        self.by = self.filter.adds_up_by

    @cached_property
    def money(self):
        """campaign's key → its Money, for all campaigns asked for."""
        return money_of(self.found)

    @cached_property
    def rows(self):
        campaigns = list(self.found.select_related("client__group").order_by("job_number"))
        return [self._row(key, money) for key, money in gathered(campaigns, self.money, self._key).items()]

    @cached_property
    def whole(self):
        return Weighed(_("Together"), sum(self.money.values(), Money()))

    def _key(self, campaign, money):
        month = money.agreed_on.replace(day=1)
        keys = {"client": campaign.client, "group": campaign.client.group, "month": month}
        keys["quarter"] = month.replace(month=(month.month - 1) // 3 * 3 + 1)
        return keys.get(self.by, campaign)

    def _row(self, key, money):
        if self.by == "client":
            return Weighed(key.name, money, url=address(self.asked, by=None, client=key.code), client=key)
        if self.by == "group":
            url = address(self.asked, by="client", group=key.pk) if key else ""
            return Weighed(str(key) if key else _("no group"), money, url=url)
        if self.by == "month":
            return Weighed(date_format(key, "F Y"), money, url=address(self.asked, by=None, period=str(key.month)))
        if self.by == "quarter":
            n = (key.month + 2) // 3
            name = _("Quarter %(n)d of %(year)d") % {"n": n, "year": key.year}
            return Weighed(name, money, url=address(self.asked, by=None, period=f"q{n}"))
        url, agreed_on = f"{key.get_absolute_url()}money/", self.money[key.pk].agreed_on
        return Weighed(key.name, money, url=url, client=key.client, job=key.job_number, agreed_on=agreed_on)

    # ── The page ────────────────────────────────────────────────────────────────────────────────
    def response(self, template, **more):
        """The page, or, asked for one, the file."""
        if form := self.asked.get("export", ""):
            return self.file(form)
        first = self._first()
        shown = {"table": self, "filters": self.filter, "rows": self.rows[first : first + PAGE], "whole": self.whole}
        shown |= {"count": len(self.rows), "floor": settings.MARGIN_FLOOR, "further": self._further(first), **more}
        return render(self.request, template, shown)

    def _first(self):
        after = self.asked.get("after", "")
        if after and not (after.isascii() and after.isdigit() and len(after) < DIGITS):
            raise BadRequest(_("This address does not lead to a page of the list."))
        return int(after or 0)

    def _further(self, first):
        if first + PAGE >= len(self.rows):
            return ""
        query = self.asked.copy()
        query["after"] = str(first + PAGE)
        return f"?{query.urlencode()}"

    @property
    def files(self):
        return [(form.upper(), address(self.asked, export=form)) for form in self.exports]

    # ── The file ────────────────────────────────────────────────────────────────────────────────
    def file(self, form):
        """The rows of all pages, and their sum."""
        if form not in self.exports:
            raise BadRequest(_("This list cannot be had as such a file."))
        away = (OF_ONE if self.by else OF_SEVERAL) | (set() if self.by in ("", "client") else {"client"})
        columns = [column for column in COLUMNS if column.key not in away]
        rows = [[column.read(row) for column in columns] for row in [*self.rows[:MOST], self.whole]]
        if len(rows) > TOLD:
            security("list exported", actor=self.person, object=self.name, rows=len(rows), form=form)
        return attachment(form, columns, rows, self.name, f"{self.name}-{clock.today_for(self.person).isoformat()}")
