"""Django's PostgreSQL, with the guards of a picture set in each transaction.

Not in the session: a connection pooler in transaction mode gives every transaction another session, or refuses to pass
on what a session is to begin with (docs/decisions/0019-a-role-that-reads-for-cuts.md). Only
`prtras.datacut.past_tables` has one transaction write for a while, temporary tables
(0025-a-cut-as-the-database-was.md).
"""

from django.db.backends.postgresql import base

GUARDS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class DatabaseWrapper(base.DatabaseWrapper):
    """What Django looks for in an engine."""

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit:  # a transaction begins with the next statement
            with self.cursor() as cursor:
                cursor.execute(GUARDS)
