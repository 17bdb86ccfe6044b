"""From a call to its response: flows, their drivers, connections, retries and deadlines."""
