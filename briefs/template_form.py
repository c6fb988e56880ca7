"""The page on which an administrator keeps a kind of job: one line for each question of a brief, and no code to be typed."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.template_utils import HistoricalRecordContextHelper

from briefs.fields import BY_NAME, CATALOGUE, Block
from briefs.models import Brief, BriefTemplate

WHEN = (
    ("first", gettext_lazy("asked first")),
    ("later", gettext_lazy("asked later")),
    ("not", gettext_lazy("not weighed")),
)
OWN = ("key", "name", "for_what", "position", "in_use")
PARTS = ("when", "weight", "hint")


def _asked(asked):
    """The three fields of one question."""
    label = capfirst(Brief.label_of(asked.name))
    return {
        f"when_{asked.name}": forms.ChoiceField(label=label, choices=WHEN, initial="later"),
        f"weight_{asked.name}": forms.IntegerField(
            label=gettext_lazy("weight"), min_value=0, max_value=100, initial=asked.weight,
            error_messages={"required": gettext_lazy("A weight from 0 to 100; 0 counts for nothing.")},
        ),
        f"hint_{asked.name}": forms.CharField(
            label=gettext_lazy("what else to ask"), required=False, max_length=500,
            widget=forms.TextInput(attrs={"class": "vTextField", "placeholder": asked.asks}),
        ),
    }  # fmt: skip


Questions = type("Questions", (forms.Form,), {name: field for asked in CATALOGUE for name, field in _asked(asked).items()})


class TemplateForm(Questions, forms.ModelForm):
    class Meta:
        model = BriefTemplate
        fields = OWN

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        template = self.instance
        if template.pk or template.weights:
            for name in BY_NAME:
                weight = template.weights.get(name, 0) if template.weights else BY_NAME[name].weight
                first = name in template.first
                self.initial[f"when_{name}"] = "first" if first else "later" if weight else "not"
                self.initial[f"weight_{name}"] = weight
                self.initial[f"hint_{name}"] = template.hints.get(name, "")

    def clean(self):
        data = super().clean()
        self.instance.first = [name for name in BY_NAME if data.get(f"when_{name}") == "first"]
        self.instance.weights = self._weights(data)
        self.instance.hints = {name: hint for name in BY_NAME if (hint := data.get(f"hint_{name}", "").strip())}
        if not any(self.instance.weights.values()):
            self.add_error(None, _("Something has to weigh: give at least one question a weight above 0."))
            self.instance.weights = {}
        return data

    def _weights(self, data):
        """What weighs nothing is left out."""
        weighed = {name: data.get(f"weight_{name}") or 0 for name in BY_NAME if data.get(f"when_{name}") != "not"}
        return {name: weight for name, weight in weighed.items() if weight}


def fieldsets():
    """The own fields, then the questions of each block, one on a line."""
    rows = [(None, {"fields": OWN})]
    for block in Block:
        asked = [tuple(f"{part}_{it.name}" for part in PARTS) for it in CATALOGUE if it.block == block]
        rows.append((f"{block.value} · {block.label}", {"fields": asked}))
    return rows


class InWords(HistoricalRecordContextHelper):
    """What changed between two states of a template: which questions, and from what to what."""

    def prepare_delta_change_value(self, change, value):
        if change.field not in {"weights", "first", "hints"}:
            return super().prepare_delta_change_value(change, value)
        before, after = ({name: True for name in it} if isinstance(it, list) else it or {} for it in (change.old, change.new))
        mine = after if value is change.new else before
        differs = [name for name in BY_NAME if before.get(name) != after.get(name)]
        return "; ".join(_told(name, mine.get(name)) for name in differs if mine.get(name) is not None)


def _told(name, value):
    label = capfirst(str(Brief.label_of(name)))
    return label if value is True else f"{label}: {value}"
