"""What a condition reads outside its counts: there `form.item` has to mean one value."""

from collections.abc import Iterator

from prtras.crf.expressions import AnyRecord, Count, Expression, Here, Previous, Reduced, Reference


def references(expression: Expression, over: str = "") -> Iterator[Reference | Previous]:
    """The items that are read beside the record in hand; `over` is the form that the innermost count goes through."""
    match expression:
        case Reference(form=form, at=at):
            if form != over or at is not None:
                yield expression
        case Previous():
            yield expression
        case Here(reference=reference):
            yield from references(reference)
        case _:
            inner = expression.form if isinstance(expression, Count | AnyRecord | Reduced) else over
            for part in expression.parts():
                yield from references(part, inner)
