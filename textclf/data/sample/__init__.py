"""The reviews that come with textclf."""
