"""Where China's usage differs from what Django believes of it: amounts are grouped by thousands, the week begins on Monday."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
FIRST_DAY_OF_WEEK = 1
