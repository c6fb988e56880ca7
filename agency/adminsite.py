"""The Django admin as the agency uses it (CRD5): one door, and three kinds of page behind it.

No page here asks for Django's model permissions: they can be handed on, and whoever may hand them on can raise himself.
Administrators are asked for by name (`is_superuser`), coordinators by their right in the rights table. See docs/decisions.
"""

from contextlib import contextmanager
from dataclasses import replace

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import HistoricalRecords
from simple_history.template_utils import HistoricalRecordContextHelper


class AgencyAdminSite(admin.AdminSite):
    """The stock admin behind the house's own throttled login; whatever is written here leaves history in the writer's name."""

    site_header = _("Accord: administration")
    site_title = _("Accord")
    index_title = _("Administration")
    site_url = "/"
    empty_value_display = ""

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def signed(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            with written_by(request):
                return inner(request, *args, **kwargs)

        return signed

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        return secure_admin_login(lambda request: redirect("admin:index"))(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def get_urls(self):
        """Without the way from any type and key to an address: it would tell which records there are."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]


@contextmanager
def written_by(request):
    """History rows written inside carry the request's person, also those of bulk actions and of parts that go with a whole."""
    HistoricalRecords.context.request = request
    try:
        yield
    finally:
        del HistoricalRecords.context.request


class ForAdministrators:
    """Pages for technical administrators alone. Nothing is deleted: what has a history is closed or taken out of use."""

    view_on_site = False
    show_full_result_count = False
    list_per_page = 50

    def may(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request):
        return self.may(request)

    def has_view_permission(self, request, obj=None):
        return self.may(request)

    def has_add_permission(self, request, obj=None):
        return self.may(request)

    def has_change_permission(self, request, obj=None):
        return self.may(request)

    def has_delete_permission(self, request, obj=None):
        return False


class WithHistory(SimpleHistoryAdmin):
    """Shows what every field said before; going back is done by changing the record, with a new line in its history.

    The stock page writes an old state back for whoever may merely look (it never asks for the right to change).
    """

    object_history_list_template = "admin/history_list.html"

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    def has_change_history_permission(self, request, obj=None):
        return False


class ToRead:
    """Records that live by moves: an administrator looks at them and moves nothing. Amounts are not the administrator's."""

    actions = None

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return [field.name for field in self.opts.fields if field.name not in self.hidden]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def get_exclude(self, request, obj=None):
        return list(self.hidden)

    @property
    def hidden(self):
        """Fields that are not shown, searched or asked for by address: amounts, what the record guards, the tokens of forms."""
        guarded = {name for names in getattr(self.model, "guarded", {}).values() for name in names}
        amounts = {field.name for field in self.opts.fields if isinstance(field, models.DecimalField)}
        return guarded | amounts | {"token"}

    def lookup_allowed(self, lookup, value, request):
        return lookup.split("__")[0] not in self.hidden and super().lookup_allowed(lookup, value, request)

    def get_historical_record_context_helper(self, request, historical_record):
        return WithoutAmounts(self.model, historical_record, hidden=self.hidden)


class WithoutAmounts(HistoricalRecordContextHelper):
    """What changed between two versions, without the fields that are hidden."""

    def __init__(self, model, record, *, hidden):
        super().__init__(model, record)
        self.hidden = hidden

    def context_for_delta_changes(self, delta):
        shown = [change for change in delta.changes if change.field not in self.hidden]
        return super().context_for_delta_changes(replace(delta, changes=shown))


class KeptAdmin(ForAdministrators, WithHistory):
    """Something of the house that administrators keep in order."""


class ReadOnlyAdmin(ToRead, ForAdministrators, admin.ModelAdmin):
    """To look at, without a history of its own."""


class RecordAdmin(ToRead, ForAdministrators, WithHistory):
    """A business record: to look at, with its history."""

    date_hierarchy = "created_at"
