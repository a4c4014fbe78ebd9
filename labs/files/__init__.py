"""Hospital files: bytes to sheets, a header row and a mapping to samples. Pure; nothing here knows the database."""
