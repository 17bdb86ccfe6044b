"""Jobs: lists, pages, statuses, waiting and cancellation."""
