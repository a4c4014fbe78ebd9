"""Pages of the laboratory room: the import of files, and the laboratory's ranges."""
