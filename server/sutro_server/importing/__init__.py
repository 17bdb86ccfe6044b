"""From files of rows or job objects to jobs of a store."""
