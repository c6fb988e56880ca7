"""The people of Quill & Harbour: twelve of the customer department, a member of each other department, an administrator."""

from django.contrib.auth.hashers import make_password

from accounts.models import BusinessGroup, Department, Person
from agency import clock

PASSWORD = "accord-demo"  # noqa: S105 the password of a fictional agency, refused in production
HIRED = -280

GROUPS = {"North": "omar", "South": "ingrid"}

# short name, first name, last name, role, department, group, reports to, guide
CAST = [
    ("helena", "Helena", "Brandt", "minister", "client-service", None, None, None),
    ("omar", "Omar", "Haddad", "supervisor", "client-service", "North", "helena", None),
    ("ingrid", "Ingrid", "Solberg", "supervisor", "client-service", "South", "helena", None),
    ("marta", "Marta", "Kowalska", "director", "client-service", "North", "omar", None),
    ("david", "David", "Osei", "director", "client-service", "North", "omar", None),
    ("lucia", "Lucia", "Ferrer", "director", "client-service", "South", "ingrid", None),
    ("tomas", "Tomas", "Novak", "manager", "client-service", "North", "marta", None),
    ("priya", "Priya", "Nair", "manager", "client-service", "South", "lucia", None),
    ("jonas", "Jonas", "Weber", "salesman", "client-service", "North", "tomas", "tomas"),
    ("amina", "Amina", "Diallo", "salesman", "client-service", "South", "priya", "priya"),
    ("mei", "Mei", "Lin", "coordinator", "client-service", "North", "omar", None),
    ("rafael", "Rafael", "Costa", "coordinator", "client-service", "South", "ingrid", None),
    ("felix", "Felix", "Arnaud", "member", "creative", None, None, None),
    ("noor", "Noor", "Rahman", "member", "production", None, None, None),
    ("sven", "Sven", "Lindqvist", "member", "media", None, None, None),
    ("petra", "Petra", "Novotna", "member", "research", None, None, None),
    ("ida", "Ida", "Moreau", "member", "finance", None, None, None),
]
ELSEWHERE = {"petra": "Europe/Prague"}
PROBATION = {"jonas": 36}


def engage(stage):
    """Everybody is in the books before the story begins, entered by the administrator."""
    with stage.at(HIRED, "08:30"):
        password = make_password(PASSWORD)
        admin = Person(username="admin", first_name="Ada", last_name="Minter", email=address("admin"), is_superuser=True)
        stage.people["admin"] = enter(admin, admin, password)
        stage.groups = {name: found(BusinessGroup(name=name), admin) for name in GROUPS}
        for row in CAST:
            stage.people[row[0]] = enter(person(stage, *row), admin, password)
        for name, head in GROUPS.items():
            stage.groups[name].supervisor = stage.people[head]
            found(stage.groups[name], admin)


def person(stage, username, first, last, role, department, group, above, guide):
    return Person(
        username=username, first_name=first, last_name=last, email=address(username), role=role,
        department=Department.objects.get(code=department), group=stage.groups.get(group),
        reports_to=stage.people.get(above), guide=stage.people.get(guide),
        probation_until=stage.day(PROBATION[username]) if username in PROBATION else None,
        **({"time_zone": ELSEWHERE[username]} if username in ELSEWHERE else {}),
    )  # fmt: skip


def address(username):
    return f"{username}@quill-harbour.example"


def enter(person, by, password):
    """Save a person with history; the password is hashed once for all, because hashing is slow on purpose."""
    person.password, person.date_joined = password, clock.now()
    return found(person, by)


def found(thing, by):
    thing._history_user, thing._history_date = by, clock.now()
    thing.save()
    return thing
