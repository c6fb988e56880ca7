from django import forms


class SeenForm(forms.Form):
    """Names the newest notice on the page that the person had before him."""

    up_to = forms.IntegerField(min_value=1, max_value=2**63 - 1)
