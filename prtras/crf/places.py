"""Where something stands on a page. Pure."""


class Place(str):
    """A place of a page as one text, as queries, signatures and the trail store it.

    `item`; `row:item`; `row:` for a row as a whole; an empty text for the page as a whole.
    """

    __slots__ = ()

    @classmethod
    def at(cls, item: str, row: str = "") -> "Place":
        """The place of an item, on the page itself or in one of its rows."""
        return cls(f"{row}:{item}" if row else item)

    @property
    def row(self) -> str:
        """The key of the row; empty for a place on the page itself."""
        return self.rpartition(":")[0]

    @property
    def item(self) -> str:
        """The name of the item; empty for a row or a page as a whole."""
        return self.rpartition(":")[2]

    @property
    def anchor(self) -> str:
        """The id of its field on the page, to which a link leads."""
        return "-".join(("f", *(("row", self.row) if self.row else ()), self.item))
