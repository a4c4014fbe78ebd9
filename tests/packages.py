"""The top-level packages of the product, read from the one list of its apps: no test that walks them misses one."""

from django.conf import settings

STUDY = tuple(app for app in settings.STUDY_APPS if "." not in app)
PRODUCT = ("prtras", *STUDY)
