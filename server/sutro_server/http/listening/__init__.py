"""What listens: sockets, worker processes, and HTTP with limits and deadlines."""
