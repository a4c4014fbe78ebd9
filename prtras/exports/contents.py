"""What is in a bundle, as a tree of folders. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Folders with more files than this are shown closed.
MOST_OPEN = 12


@dataclass(frozen=True)
class File:
    """A file: its bytes, and the rows of a table."""

    name: str
    bytes: int
    rows: int | None


@dataclass
class Folder:
    """A folder with what is in it, by name."""

    name: str
    files: list[File] = field(default_factory=list)
    folders: list["Folder"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """The files in it and below."""
        return len(self.files) + sum(each.count for each in self.folders)

    @property
    def rows(self) -> int:
        """The rows of the tables in it and below."""
        return sum(each.rows or 0 for each in self.files) + sum(each.rows for each in self.folders)

    @property
    def few(self) -> bool:
        """There is little enough in it to be seen at once."""
        return self.count <= MOST_OPEN

    def _within(self, name: str) -> "Folder":
        known = next((each for each in self.folders if each.name == name), None)
        if known is None:
            self.folders.append(known := Folder(name))
        return known


def tree(contents: Mapping[str, Mapping[str, int]]) -> Folder:
    """The root of a bundle, from bytes and rows by path."""
    root = Folder("")
    for path in sorted(contents):
        *folders, name = path.split("/")
        place = root
        for each in folders:
            place = place._within(each)
        place.files.append(File(name, contents[path]["bytes"], contents[path].get("rows")))
    return root
