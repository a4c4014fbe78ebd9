"""The engine of the connection `snapshot`: every transaction sees one moment and writes nothing."""
