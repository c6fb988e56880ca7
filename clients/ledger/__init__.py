"""The requirements ledger before people: a client's list, a line's page, and the lines pinned where work is judged (DEP8)."""
