"""What people do in this room."""
