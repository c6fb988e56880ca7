from clients import access

OUTSIDE = ("/c/", "/f/")  # safe links of clients, and calendars of our own people
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


class OutsideTheHouse:
    """Whatever is answered where a secret address leads, refusals and failures too, is kept by nobody and found by no search
    engine, and its address goes nowhere with the next request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path_info.startswith(OUTSIDE):
            for name, value in HEADERS.items():
                response[name] = value
        return response


class OneLook:
    """A page that only reads asks for the person's standing once (see `access.one_look`)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with access.one_look():
            return self.get_response(request)
