"""Datasets as regulators and statisticians exchange them: SAS XPORT version 5, Dataset-JSON 1.1, Define-XML 2.1.

This room knows no domain and no study: it writes a `Dataset` that says what its variables are.
"""
