"""What the first page after the login weighs on the wire, served as in production: compressed, named by content."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from whitenoise import WhiteNoise

from tests.browser.house import open_server

pytestmark = pytest.mark.browser

MOST = 100 * 1024
COMPRESSED = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}


@pytest.fixture(scope="module")
def production(furnished, tmp_path_factory):
    """The house once more, behind a server whose files are those of the image."""
    folder = tmp_path_factory.mktemp("files")
    with override_settings(STATIC_ROOT=folder, STORAGES={**settings.STORAGES, **COMPRESSED}):
        call_command("collectstatic", interactive=False, verbosity=0)
        server = open_server(lambda application: WhiteNoise(application, root=folder, prefix="static/"))
        yield f"http://{server.host}:{server.port}"
        server.terminate()


@pytest.mark.parametrize("person", ["helena", "jonas"])
def test_the_first_page_after_the_login_is_light(house, production, person):
    context = house.context(person, base_url=production)
    page, loaded = context.new_page(), []
    page.on("requestfinished", lambda request: loaded.append(request))
    page.goto("/", wait_until="networkidle")
    sizes = {request.url.removeprefix(production): weight(request) for request in loaded if request.resource_type != "image"}
    context.close()
    assert any(".css" in url for url in sizes)
    assert sum(sizes.values()) < MOST, sorted(sizes.items(), key=lambda it: -it[1])


def weight(request):
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]
