"""The shipped tables: one registry, loading, citation, verification and the data dictionary."""
