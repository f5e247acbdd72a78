"""What landing pages show, composed from the rooms beneath."""
