"""Transports over a pool of connections, whatever breaks off a request.

A connection is lent to one request and comes back only when its exchange ended cleanly. In every
other case it is closed at once, so no later request waits for it or reads what was meant for
another. httpcore's own pools keep a connection for a request that was cancelled while it waited for
a lock or while it was closed, and give it to nobody any more.
"""
