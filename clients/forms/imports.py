"""Asking for a file of clients and contacts."""

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agency.files import UploadField
from agency.files.asking import FileInput
from agency.flow import Refused
from agency.forms import CreateForm
from clients.imports.rows import understood
from clients.imports.sheets import MOST_MB, MOST_ROWS, table_of
from clients.models import ClientImport


class ImportForm(CreateForm):
    """A file, read and understood. What is wrong with it as a whole is told here; what is wrong with a cell, beside the row."""

    file = UploadField(
        label=_("File"), widget=FileInput({"accept": ".csv,.xlsx"}),
        help_text=format_lazy(_("CSV or XLSX, up to {rows} rows and {most} MB."), rows=MOST_ROWS, most=MOST_MB),
    )  # fmt: skip

    def clean_file(self):
        try:
            self.rows = understood(table_of(self.cleaned_data["file"]))
        except Refused as why:
            raise ValidationError(str(why)) from why
        return self.cleaned_data["file"]

    def open(self, *, by):
        """The rows of this form, kept to be looked at; sent twice, they are kept once."""
        words = {"rows": self.rows, "arrived": self.cleaned_data["file"], "by": by}
        return self.make_once(ClientImport, by=by, make=lambda token: ClientImport.keep(token=token, **words))
