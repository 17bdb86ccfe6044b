"""From a request to its response: the application, editions, faults, files, the status page."""
