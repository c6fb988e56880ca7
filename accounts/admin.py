"""People and how they are grouped. Matters of staff (evaluations and what belongs to them) are not here, and never will be."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessGroup, Department, Person
from agency.adminsite import ForAdministrators, KeptAdmin
from agency.log import security

admin.site.unregister([Group, EmailAddress])

PLACE = ["role", "department", "group", "reports_to", "guide", "probation_until"]


class NewPersonForm(AdminUserCreationForm):
    class Meta:
        model = Person
        fields = ["username", "email", "first_name", "last_name", *PLACE, "is_superuser"]


class PersonForm(UserChangeForm):
    class Meta:
        model = Person
        fields = "__all__"


@admin.register(Person)
class PersonAdmin(KeptAdmin, UserAdmin):
    """People are added, placed, given a new password and closed; never deleted, for histories and trails name them."""

    form, add_form = PersonForm, NewPersonForm
    list_display = ["username", "first_name", "last_name", "role", "group", "department", "is_active", "is_superuser"]
    list_filter = ["role", "group", "department", "is_active", "is_superuser"]
    list_select_related = ["group", "department"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    filter_horizontal = ["groups"]
    autocomplete_fields = ["reports_to", "guide"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "time_zone", "language"]}),
        (_("Place in the agency"), {"fields": [*PLACE, "week"]}),
        (_("Administration"), {"fields": ["is_superuser", "groups", *readonly_fields]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "first_name", "last_name", "usable_password", "password1", "password2"]}),
        (_("Place in the agency"), {"fields": [*PLACE, "is_superuser"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """The short name stays; and nobody locks himself out by closing the own account or giving up the key."""
        if obj is None:
            return self.readonly_fields
        return [*self.readonly_fields, "username", *(["is_active", "is_superuser"] if obj == request.user else [])]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if told := sorted({"role", "is_active", "is_superuser", "groups", "email"} & set(form.changed_data)):
            security("person changed" if change else "person added", actor=request.user, object=obj, fields=", ".join(told))


@admin.register(BusinessGroup)
class BusinessGroupAdmin(KeptAdmin):
    list_display = ["name", "supervisor"]
    list_select_related = ["supervisor"]
    search_fields = ["name", "supervisor__username", "supervisor__last_name"]
    autocomplete_fields = ["supervisor"]


@admin.register(Department)
class DepartmentAdmin(KeptAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]


@admin.register(Group)
class GroupAdmin(ForAdministrators, admin.ModelAdmin):
    """Groups of people with whom a record can be shared. A group carries no permission: rights come from the rights table."""

    fields = ["name"]
    list_display = ["name"]
    search_fields = ["name"]
