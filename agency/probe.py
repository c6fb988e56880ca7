"""The container's own look at /healthz (or the address given): ends with 0 when the web server answers 200.

A script by itself, for it runs every half minute and needs no Django. It asks as SITE_URL: other hosts are refused.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=4)
address = sys.argv[1] if sys.argv[1:] else "/healthz"
connection.request("GET", address, headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
sys.exit(connection.getresponse().status != 200)
