"""Named reads of this room. `results` alone knows what is right, and only of attempts that were submitted."""
