"""A schedule template made of a campaign's work schedule (DEP4). The administration edits what was made."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from agency.forms import CreateForm, attempt
from agency.pages import require
from campaigns.templating import KEEP, keep_as_template
from campaigns.views.campaigns import visible_campaign


class KeepForm(CreateForm):
    """What the template is called, and which lengths it keeps."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    key = forms.SlugField(
        label=gettext_lazy("Key"), max_length=50, help_text=gettext_lazy("Short, and not taken yet: print-2.")
    )
    really = forms.ChoiceField(
        label=gettext_lazy("Working days of each step"), required=False, widget=forms.RadioSelect, initial="",
        choices=[("", gettext_lazy("as planned")), ("1", gettext_lazy("as they really were, where the step is done"))],
    )  # fmt: skip

    def keep(self, campaign, *, by):
        told = {name: self.cleaned_data[name] for name in ("token", "key", "name")}
        return keep_as_template(campaign, by=by, really=bool(self.cleaned_data["really"]), **told)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_keep(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    require(request.user, KEEP, campaign)
    usual = {"name": campaign.name[:80], "key": slugify(campaign.name)[:50]}
    form = KeepForm(request.POST if request.method == "POST" else None, initial=usual)
    if form.is_bound and (made := attempt(form, lambda: form.keep(campaign, by=request.user), field="key")):
        messages.success(request, _("The template “%(template)s” is made. Here it is edited.") % {"template": made})
        return redirect("admin:campaigns_scheduletemplate_change", made.pk)
    steps = campaign.steps.visible_to(request.user).kept().select_related("department").order_by("position", "pk")
    shown = {"campaign": campaign, "form": form, "steps": steps}
    return render(request, "campaigns/schedule_keep.html", shown, status=422 if form.is_bound else 200)
