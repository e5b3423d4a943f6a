"""From a document as read to a clean one."""
