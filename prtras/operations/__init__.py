"""Running an installation: health, the status page, backups, and restores that are proven by content."""
