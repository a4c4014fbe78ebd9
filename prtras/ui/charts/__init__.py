"""Server-side SVG charts: one picture for the screen, the print-out and the PDF.

No Django, no dependency. Every function returns a finished ``<svg>`` as ``Markup``
(a ``str`` that templates do not escape a second time). Every text arrives as an argument.
Curves share ``frame``, ``axes``, ``steps``, ``legend`` and ``table``; ``step_figure`` sets them together, so that
a new figure of step curves brings its data and its words (see ``kaplan_meier``).
"""
