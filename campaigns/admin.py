"""Campaigns and their schedules, to read; and the schedule templates, which coordinators keep as well."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agency.adminsite import KeptAdmin, ReadOnlyAdmin, RecordAdmin, ToRead
from agency.workdays import Impossible
from campaigns import arithmetic
from campaigns.models import (
    Actual,
    Baseline,
    BudgetLine,
    Campaign,
    ChangeOrder,
    Commitment,
    Crossing,
    Deliverable,
    EstimateLine,
    HotMail,
    Hours,
    JobCounter,
    Nudge,
    Plan,
    PlanEdition,
    ProgressReport,
    Rearrangement,
    ScheduleTemplate,
    Specification,
    Step,
    StepLink,
    StepNote,
    StepProgress,
    TemplateLink,
    TemplateStep,
)
from campaigns.templating import copied
from clients.admin import GroupSharesInline, SharesInline


@admin.register(Campaign)
class CampaignAdmin(RecordAdmin):
    list_display = ["job_number", "name", "client", "created_by", "created_at"]
    list_select_related = ["client", "created_by"]
    search_fields = ["job_number", "name", "client__code", "client__name"]
    inlines = [SharesInline, GroupSharesInline]


@admin.register(Plan)
class PlanAdmin(RecordAdmin):
    list_display = ["campaign", "client", "state", "court", "holder", "due_on"]
    list_filter = ["state", "court"]
    list_select_related = ["campaign", "client", "holder"]
    search_fields = ["campaign__job_number", "campaign__name", "client__code"]


@admin.register(PlanEdition)
class PlanEditionAdmin(RecordAdmin):
    list_display = ["plan", "number", "client", "created_by", "confirmed_on", "superseded_on", "withdrawn"]
    list_filter = ["withdrawn"]
    list_select_related = ["plan__campaign", "client", "created_by"]
    search_fields = ["plan__campaign__job_number", "client__code"]


@admin.register(Baseline)
class BaselineAdmin(RecordAdmin):
    list_display = ["campaign", "number", "state", "holder", "due_on", "agreed_on"]
    list_filter = ["state"]
    list_select_related = ["campaign", "holder"]
    search_fields = ["campaign__job_number", "campaign__name"]


@admin.register(ProgressReport)
class ProgressReportAdmin(RecordAdmin):
    list_display = ["campaign", "number", "state", "first", "last", "holder", "due_on", "released_on"]
    list_filter = ["state"]
    list_select_related = ["campaign", "holder"]
    search_fields = ["campaign__job_number", "campaign__name"]
    date_hierarchy = "last"


@admin.register(EstimateLine)
class EstimateLineAdmin(RecordAdmin):
    list_display = ["number", "name", "kind", "client", "plan", "order", "dropped"]
    list_filter = ["kind", "dropped"]
    list_select_related = ["client", "plan__campaign", "order__campaign"]
    search_fields = ["name", "plan__campaign__job_number", "order__campaign__job_number"]


@admin.register(BudgetLine)
class BudgetLineAdmin(RecordAdmin):
    list_display = ["campaign", "number", "name", "kind"]
    list_filter = ["kind"]
    list_select_related = ["campaign"]
    search_fields = ["campaign__job_number", "name"]


@admin.register(Commitment, Actual)
class EntryAdmin(RecordAdmin):
    list_display = ["campaign", "line", "on", "supplier", "document", "state", "created_by"]
    list_filter = ["state"]
    list_select_related = ["campaign", "line", "created_by"]
    search_fields = ["campaign__job_number", "supplier", "document"]
    date_hierarchy = "on"


@admin.register(ChangeOrder)
class ChangeOrderAdmin(RecordAdmin):
    list_display = ["campaign", "number", "title", "cause", "state", "holder", "due_on"]
    list_filter = ["state", "cause"]
    list_select_related = ["campaign", "holder"]
    search_fields = ["campaign__job_number", "title"]


@admin.register(Deliverable)
class DeliverableAdmin(RecordAdmin):
    list_display = ["campaign", "letter", "what", "medium", "rounds", "more_rounds", "used", "deadline"]
    list_select_related = ["campaign"]
    search_fields = ["campaign__job_number", "what"]


@admin.register(Hours)
class HoursAdmin(RecordAdmin):
    list_display = ["campaign", "step", "created_by", "on", "state"]
    list_filter = ["state"]
    list_select_related = ["campaign", "step", "created_by"]
    search_fields = ["campaign__job_number", "step__name", "created_by__username"]
    date_hierarchy = "on"


@admin.register(StepNote)
class StepNoteAdmin(RecordAdmin):
    list_display = ["step", "client", "created_by", "created_at", "state"]
    list_filter = ["state"]
    list_select_related = ["step", "client", "created_by"]
    search_fields = ["step__name", "client__code", "created_by__username"]
    date_hierarchy = "created_at"


@admin.register(Nudge)
class NudgeAdmin(RecordAdmin):
    list_display = ["step", "client", "person", "created_by", "created_at", "state", "promised_on"]
    list_filter = ["state"]
    list_select_related = ["step", "client", "person", "created_by"]
    search_fields = ["step__name", "client__code", "person__username"]
    date_hierarchy = "created_at"


@admin.register(StepProgress)
class StepProgressAdmin(RecordAdmin):
    list_display = ["step", "client", "percent", "forecast_on", "created_by", "created_at"]
    list_select_related = ["step", "client", "created_by"]
    search_fields = ["step__name", "client__code", "created_by__username"]
    date_hierarchy = "created_at"


@admin.register(Step)
class StepAdmin(RecordAdmin):
    list_display = ["campaign", "position", "name", "department", "person", "state", "starts_on", "ends_on"]
    list_filter = ["state", "kind", "department"]
    list_select_related = ["campaign", "department", "person"]
    search_fields = ["campaign__job_number", "name", "person__username", "person__last_name"]
    date_hierarchy = "ends_on"
    inlines = [SharesInline, GroupSharesInline]


@admin.register(Rearrangement)
class RearrangementAdmin(RecordAdmin):
    list_display = ["campaign", "step", "kind", "state", "created_by", "created_at"]
    list_filter = ["state"]
    list_select_related = ["campaign", "step", "created_by"]
    search_fields = ["campaign__job_number", "step__name", "reason"]


@admin.register(Crossing)
class CrossingAdmin(ReadOnlyAdmin):
    list_display = ["client", "before", "after", "lag"]
    list_select_related = ["client", "before", "after"]
    search_fields = ["before__name", "after__name", "after__campaign__job_number"]


@admin.register(StepLink)
class StepLinkAdmin(ReadOnlyAdmin):
    list_display = ["before", "after", "lag"]
    list_select_related = ["before", "after"]
    search_fields = ["before__name", "after__name", "after__campaign__job_number"]


@admin.register(HotMail)
class HotMailAdmin(ReadOnlyAdmin):
    list_display = ["person", "on", "hour"]
    list_select_related = ["person"]
    search_fields = ["person__username"]


@admin.register(JobCounter)
class JobCounterAdmin(ReadOnlyAdmin):
    list_display = ["client", "year", "last"]
    list_filter = ["year"]
    list_select_related = ["client"]
    search_fields = ["client__code"]


class ForKeepersOfTemplates(KeptAdmin):
    """For administrators, and for whoever holds the right to change templates: the coordinators (DEP4)."""

    def may(self, request):
        return super().may(request) or request.user.has_perm("campaigns.change_template")


class TemplatePart(ForKeepersOfTemplates):
    """A part of a template goes when it is struck out; its history stays."""

    def has_delete_permission(self, request, obj=None):
        return self.may(request)


@admin.register(Specification)
class SpecificationAdmin(ForKeepersOfTemplates):
    """What media and printers ask (SAL6). Out of use is a tick: what a piece was agreed by stays readable."""

    list_display = ["code", "name", "medium", "size", "length", "lead_days", "in_use"]
    list_filter = ["medium", "in_use"]
    search_fields = ["code", "name", "format", "source", "contact"]
    fieldsets = [
        (None, {"fields": ["code", "name", "medium", "format", "in_use"]}),
        (_("Figures"), {"fields": [("width", "height", "unit"), "bleed", "seconds", "lead_days", "source"]}),
        (_("Delivery"), {"fields": ["colour", "file_type", "contact"]}),
    ]


class StepForm(forms.ModelForm):
    class Meta:
        model = TemplateStep
        fields = ["position", "key", "name", "department", "kind", "days", "needs_evidence", "latest_after"]
        widgets = {"key": forms.TextInput(attrs={"size": 10}), "name": forms.TextInput(attrs={"size": 34})}


class StepsInline(admin.TabularInline):
    model = TemplateStep
    form = StepForm
    fields = ["position", "key", "name", "department", "kind", "days", "needs_evidence", "latest_after"]
    extra = 1
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser or request.user.has_perm("campaigns.change_template")

    has_view_permission = has_change_permission = has_delete_permission = has_add_permission


class LinkFormSet(forms.BaseInlineFormSet):
    """The links of one step: within its template, and never in a circle."""

    def clean(self):
        super().clean()
        template = self.instance.template
        wanted = [form.cleaned_data for form in self.forms if (form.is_valid() and form.has_changed()) or form.instance.pk]
        mine = {data["before"].pk: data["lag"] for data in wanted if data.get("before") and not data.get("DELETE")}
        if strange := template.steps.model.objects.filter(pk__in=mine).exclude(template=template).first():
            raise ValidationError(_("“%(step)s” belongs to another template."), params={"step": strange})
        refuse_circles(template, {self.instance.pk: mine})


def refuse_circles(template, changed):
    """Refuse links in which a step would wait for itself. changed: step → {step before: lag}, in place of what stands."""
    waits = {
        step.pk: {link.before_id: link.lag for link in step.links_before.all()}
        for step in template.steps.prefetch_related("links_before")
    }
    names = dict(template.steps.values_list("pk", "name"))
    tasks = [
        arithmetic.Task(key, 1, tuple(links.items()), names.get(key, ""))
        for key, links in {**waits, **changed}.items()
        if key in names
    ]
    try:
        arithmetic.early(tasks)
    except Impossible as why:
        raise ValidationError(str(why)) from why


class LinksInline(admin.TabularInline):
    model = TemplateLink
    formset = LinkFormSet
    fk_name = "after"
    fields = ["before", "lag"]
    extra = 1
    verbose_name_plural = _("waits for")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Only steps of the same template are offered."""
        step = request.resolver_match.kwargs.get("object_id")
        kwargs["queryset"] = (
            TemplateStep.objects.filter(template__steps=step) if str(step).isdigit() else TemplateStep.objects.none()
        )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser or request.user.has_perm("campaigns.change_template")

    has_view_permission = has_change_permission = has_delete_permission = has_add_permission


@admin.register(ScheduleTemplate)
class ScheduleTemplateAdmin(ForKeepersOfTemplates):
    list_display = ["name", "key", "in_use"]
    list_filter = ["in_use"]
    search_fields = ["name", "key", "steps__name"]
    inlines = [StepsInline]
    actions = ["copy"]

    @admin.action(description=_("Copy the chosen templates"))
    def copy(self, request, templates):
        for template in templates:
            made = copied(template, by=request.user)
            self.message_user(request, _("Made: %(template)s.") % {"template": made})


@admin.register(TemplateStep)
class TemplateStepAdmin(TemplatePart):
    list_display = ["template", "position", "name", "department", "kind", "days", "needs_evidence", "latest_after"]
    list_display_links = ["name"]
    list_filter = ["template", "department", "kind", "needs_evidence"]
    list_select_related = ["template", "department"]
    search_fields = ["name", "key", "template__name"]
    inlines = [LinksInline]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_readonly_fields(self, request, obj=None):
        return ["template"] if obj else []


@admin.register(TemplateLink)
class TemplateLinkAdmin(ToRead, TemplatePart):
    """To look through all links at once; they are changed at the step that waits."""

    list_display = ["template", "before", "lag", "after"]
    list_filter = ["after__template"]
    list_select_related = ["before", "after__template"]
    search_fields = ["before__name", "after__name"]

    @admin.display(description=_("template"))
    def template(self, link):
        return link.after.template
