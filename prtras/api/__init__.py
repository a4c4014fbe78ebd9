"""The acts of the pages over JSON, for programs that carry a person's token."""
