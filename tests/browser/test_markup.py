"""The Nu Html Checker, the one of validator.w3.org, reads every page and finds no error. It needs Java and VNU_JAR, its jar."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.house import PAGES, visitors

JAR = os.environ.get("VNU_JAR", "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.nu,
    pytest.mark.skipif(not (Path(JAR).is_file() and shutil.which("java")), reason="needs Java and VNU_JAR"),
]


def test_the_html_of_every_page_is_without_fault(house, tmp_path):
    for name in PAGES:
        text = house.text(name, visitors(name)[0])
        if text.lstrip().lower().startswith("<!doctype"):
            (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    assert len(list(tmp_path.iterdir())) > 30
    assert "\n".join(faults_of(tmp_path)) == ""


def test_the_checker_finds_a_fault_where_there_is_one(tmp_path):
    (tmp_path / "wrong.html").write_text("<!doctype html><html lang=en><title>x</title><p><div id=a></div></p><b id=a></b>")
    assert len(faults_of(tmp_path)) == 2


def faults_of(folder):
    """What the checker calls an error, with the page and the place; it starts once for the whole folder."""
    said = subprocess.run(["java", "-jar", JAR, "--errors-only", "--format", "json", folder], capture_output=True, text=True)
    found = json.loads(said.stderr)["messages"]
    return [f"{Path(it['url']).name}: {it['message']} {it.get('extract', '')[:120]!r}" for it in found]
