"""Pure arithmetic of this room: searching, progress, and which files may be shown how."""
