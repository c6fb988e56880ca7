"""Counting what a page asks of the database."""


def beside_the_bell(asked):
    """How many queries a page made beside those of the bell, which asks one more as soon as there is anything new."""
    return sum('"reminders_notice"' not in query["sql"] for query in asked)
