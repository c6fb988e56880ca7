#!/usr/bin/env python
"""Accord's command line: every Django command and the product's own (serve, remind, load_demo)."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    execute_from_command_line(sys.argv)
