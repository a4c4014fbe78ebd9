"""Writes the generated pages of the documentation: `python -m docs.generate`, or `make docs`."""

import os
from pathlib import Path

import django

FOLDER = Path(__file__).parent


def main() -> None:
    """Write `data-model.md` and `reference.md` as the code has them now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prtras.settings")
    django.setup()
    from docs import data_model, reference  # models can be imported only now

    for name, page in (("data-model.md", data_model.page()), ("reference.md", reference.page())):
        (FOLDER / name).write_text(page, encoding="utf-8")
        print(f"docs/{name}: {len(page.splitlines())} lines")


if __name__ == "__main__":
    main()
