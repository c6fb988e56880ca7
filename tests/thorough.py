"""The quick run asks one of each kind of person; the thorough run, as CI makes it on PostgreSQL, asks everybody."""

import pytest


def one_of_each(values, *kept):
    """The values of a parametrize: those kept are asked in every run, the others in the thorough one (marker `thorough`)."""
    if strangers := set(kept) - set(values):
        raise ValueError(f"{strangers} are none of {values}")
    return [value if value in kept else pytest.param(value, marks=pytest.mark.thorough) for value in values]
