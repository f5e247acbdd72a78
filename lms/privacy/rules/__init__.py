"""What is known of a person where, and what becomes of it."""
