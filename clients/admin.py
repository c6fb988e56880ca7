"""The client file, to read; and the shares, which an administrator may give and take back as the rights table says."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.admin import GenericTabularInline
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.admin import PersonAdmin, PersonForm
from accounts.models import Person, Role
from accounts.rights import TABLE
from agency import clock
from agency.adminsite import ForAdministrators, ReadOnlyAdmin, RecordAdmin
from agency.log import security
from clients.models import (
    Assignment,
    Attachment,
    Authority,
    ChainHead,
    Client,
    Confirmation,
    Contact,
    Dispatch,
    Event,
    GroupShare,
    Requirement,
    SafeLink,
    Share,
    Terms,
)
from clients.models.record import business_models


class SharesInline(ForAdministrators, GenericTabularInline):
    """The shares of the record shown; given and taken back on the page of shares."""

    model = Share
    ct_fk_field = "object_pk"
    fields = readonly_fields = ["user", "permission", "until", "given_by", "reason"]
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class GroupSharesInline(SharesInline):
    model = GroupShare
    fields = readonly_fields = ["group", "permission", "until", "given_by", "reason"]


@admin.register(Client)
class ClientAdmin(RecordAdmin):
    list_display = ["code", "name", "tier", "group", "state", "created_at"]
    list_filter = ["state", "tier", "group"]
    list_select_related = ["group"]
    search_fields = ["code", "name", "industry"]
    inlines = [SharesInline, GroupSharesInline]


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    list_display = ["name", "position", "standing", "client", "state"]
    list_filter = ["state", "standing"]
    list_select_related = ["client"]
    search_fields = ["name", "client__code", "client__name"]


@admin.register(Terms)
class TermsAdmin(RecordAdmin):
    list_display = ["client", "valid_from", "valid_until", "answer_days", "rounds", "deemed_acceptance"]
    list_filter = ["deemed_acceptance"]
    list_select_related = ["client"]
    search_fields = ["client__code", "client__name"]


@admin.register(Authority)
class AuthorityAdmin(RecordAdmin):
    list_display = ["client", "contact", "what", "ended_at"]
    list_filter = ["what", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client", "contact"]
    search_fields = ["client__code", "client__name", "contact__name"]


@admin.register(Assignment)
class AssignmentAdmin(RecordAdmin):
    list_display = ["client", "person", "seat", "since", "until", "ended_at"]
    list_filter = ["seat", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client", "person"]
    search_fields = ["client__code", "client__name", "person__username", "person__last_name"]


@admin.register(Attachment)
class AttachmentAdmin(RecordAdmin):
    """That there is a file, and whose; what is in it is for those who see its record."""

    list_display = ["name", "media_type", "size", "client", "created_by", "created_at", "taken_at"]
    list_filter = ["media_type", ("taken_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client", "created_by"]
    search_fields = ["name", "client__code", "sha256"]
    exclude = ["file", "words_read"]


@admin.register(Requirement)
class RequirementAdmin(RecordAdmin):
    list_display = ["text", "kind", "state", "client", "said_on"]
    list_filter = ["state", "kind"]
    list_select_related = ["client"]
    search_fields = ["text", "client__code", "client__name"]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "client", "actor", "contact", "verb", "content_type", "object_id"]
    list_filter = ["verb", "content_type"]
    list_select_related = ["client", "actor", "contact", "content_type"]
    search_fields = ["client__code", "actor__username", "contact__name"]
    date_hierarchy = "at"


@admin.register(Dispatch)
class DispatchAdmin(RecordAdmin):
    """Which documents left the house, to whom."""

    list_display = ["reference", "client", "contact", "how", "created_by", "created_at"]
    list_filter = ["how"]
    list_select_related = ["client", "contact", "created_by"]
    search_fields = ["reference", "client__code", "contact__name"]
    date_hierarchy = "created_at"


@admin.register(SafeLink)
class SafeLinkAdmin(RecordAdmin):
    """Which links are out, and what became of them; never what their addresses are made of."""

    hidden = {"token", "seed", "token_hash", "answered_with"}
    list_display = ["client", "contact", "purpose", "state", "created_at", "expires_at", "opened_at"]
    list_filter = ["state", "purpose"]
    list_select_related = ["client", "contact"]
    search_fields = ["client__code", "contact__name", "sent_to"]


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin):
    list_display = ["number", "at", "client", "what", "answer", "name", "how"]
    list_filter = ["answer", "how", "what"]
    list_select_related = ["client"]
    search_fields = ["client__code", "name"]
    date_hierarchy = "at"


@admin.register(ChainHead)
class ChainHeadAdmin(ReadOnlyAdmin):
    list_display = ["number", "hash"]


class ShareForm(forms.ModelForm):
    """One right on one record until a day. Only what goes by shares can be shared, and only what exists."""

    permission = forms.ModelChoiceField(Permission.objects.none(), label=_("right"))
    object_pk = forms.IntegerField(label=_("number of the record"), min_value=1, max_value=2**63 - 1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "permission" in self.fields:
            self.fields["permission"].queryset = shareable_rights()

    def _get_validation_exclusions(self):
        """The same share twice is told beside the form, though what lent it is no field there."""
        return super()._get_validation_exclusions() - {"through"}

    def clean_object_pk(self):
        return str(self.cleaned_data["object_pk"])

    def clean_until(self):
        if self.cleaned_data["until"] < clock.today():
            raise ValidationError(_("The last day of a share cannot be in the past."))
        return self.cleaned_data["until"]

    def clean_user(self):
        person = self.cleaned_data["user"]
        if not (person.is_active and person.role == "member"):
            raise ValidationError(
                _("Records are shared with members of other departments; the department itself goes by assignments.")
            )
        return person

    def clean(self):
        given = super().clean()
        if (permission := given.get("permission")) and (key := given.get("object_pk")):
            self.instance.content_type = permission.content_type
            if not permission.content_type.model_class().objects.filter(pk=key).exists():
                self.add_error("object_pk", _("There is no such record of this kind."))
        return given


def shareable_rights():
    """Permissions of rights that somebody holds through a share, on a kind of record that exists."""
    by_hand = [model for model in business_models() if not model.lent_only]
    kinds = ContentType.objects.get_for_models(*by_hand).values()
    codes = [name.split(".")[1] for name, right in TABLE.items() if "share" in right.cells.values()]
    return Permission.objects.filter(codename__in=codes, content_type__in=kinds).select_related("content_type")


class GrantAdmin(ForAdministrators, admin.ModelAdmin):
    """Shares: given with a last day and a reason, in the name of the administrator; taken back by deleting."""

    list_filter = ["content_type", "until"]
    search_fields = ["object_pk", "reason"]
    date_hierarchy = "until"
    actions = None

    def has_delete_permission(self, request, obj=None):
        return self.may(request)

    def get_readonly_fields(self, request, obj=None):
        """A share given stays what it is: only its last day and reason can be revised."""
        return [self.whom, "permission", "object_pk", "given_by", "given_at"] if obj else []

    def get_fields(self, request, obj=None):
        return [self.whom, "permission", "object_pk", "until", "reason", *(["given_by", "given_at"] if obj else [])]

    def save_model(self, request, obj, form, change):
        obj.given_by, obj.given_at = request.user, clock.now()
        super().save_model(request, obj, form, change)
        self.tell(request, obj, "shared", until=obj.until.isoformat())

    def delete_model(self, request, obj):
        self.tell(request, obj, "unshared")
        super().delete_model(request, obj)

    def tell(self, request, obj, verb, **details):
        """The grant stands in the record's own trail and in the security log."""
        to = getattr(obj, self.whom)
        record = obj.content_object
        if record is not None:
            record.record_event(verb, by=request.user, reason=obj.reason, **{f"with_{self.whom}": to.pk}, **details)
        security(f"{verb} in the admin", actor=request.user, object=record, to=to)


@admin.register(Share)
class ShareAdmin(GrantAdmin):
    whom = "user"
    form = ShareForm
    list_display = ["user", "permission", "content_type", "object_pk", "until", "given_by"]
    list_select_related = ["user", "permission__content_type", "content_type", "given_by"]
    autocomplete_fields = ["user"]


@admin.register(GroupShare)
class GroupShareAdmin(GrantAdmin):
    whom = "group"
    form = ShareForm
    list_display = ["group", "permission", "content_type", "object_pk", "until", "given_by"]
    list_select_related = ["group", "permission__content_type", "content_type", "given_by"]


class ServingPersonForm(PersonForm):
    """A person who serves clients: the guide must have a seat wherever the salesman serves (SAL5)."""

    def clean(self):
        given = super().clean()
        guide = given.get("guide", self.instance.guide)
        if given.get("role", self.instance.role) == Role.SALESMAN and guide:
            served = self.instance.assignments.current()
            guided = guide.assignments.current().values("client")
            if bare := served.exclude(client__in=guided).select_related("client").order_by("client__code").first():
                text = _("%(guide)s has no seat on %(client)s, which this salesman serves: the minister gives one first.")
                self.add_error("guide", text % {"guide": guide, "client": bare.client})
        return given


admin.site.unregister(Person)


@admin.register(Person)
class ServingPersonAdmin(PersonAdmin):
    """The page of a person, told from this floor, which knows the seats."""

    form = ServingPersonForm

    def save_model(self, request, obj, form, change):
        """Seats stay when somebody leaves or changes the role; whoever administers is told, for the minister hands over."""
        super().save_model(request, obj, form, change)
        seats = obj.assignments.current().select_related("client").order_by("client__code")
        if {"is_active", "role"} & set(form.changed_data) and seats:
            codes = ", ".join(sorted({seat.client.code for seat in seats}))
            text = _("%(person)s still holds seats on %(clients)s. Ask the minister to hand them over.")
            messages.warning(request, text % {"person": obj, "clients": codes})
