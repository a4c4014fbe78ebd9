"""Safety and hepatitis B of all participants together: tables and figures from the casebook as it is now."""
