"""Clients and contacts out of a file: read (`sheets`), understood (`rows`), looked at, then made in one act (`making`)."""
