"""The approval board, and what it shows as a file (DEP7, SAL2)."""

from django.views.decorators.http import require_safe

from agency.pages import require
from approvals.board import Board
from approvals.models import Draft


@require_safe
def board(request):
    """Everything on its way to an approval, by stage and court."""
    require(request.user, Draft.view_right)
    listing = Board(request)
    return listing.response("approvals/board.html", tiles=list(listing.tiles()))
