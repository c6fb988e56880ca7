from clients import access


class OneLook:
    """A page that only reads asks for the person's standing once (see `access.one_look`)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with access.one_look():
            return self.get_response(request)
