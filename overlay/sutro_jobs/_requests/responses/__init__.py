"""From the bytes of a response to values, or to the error that says what is wrong."""
