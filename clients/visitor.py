"""A client's contact who acts through a safe link: stands where a person of ours stands as `by=`, and may one thing only."""

from accounts.rights import BY_LINK

__all__ = ["BY_LINK", "Visitor"]


class Visitor:
    """Whoever holds a live link. Moves that a client makes need `BY_LINK` and are hidden; no colleague ever holds it."""

    pk, is_active, is_authenticated = None, True, False

    def __init__(self, link):
        self.link, self.contact = link, link.contact

    def __str__(self):
        return self.contact.named

    def has_perm(self, right, record=None):
        """Yes to the one right of visitors, on the record that the link opens, while the link is live."""
        return right == BY_LINK and record is not None and self.link.is_live and self.link.opens(record)
