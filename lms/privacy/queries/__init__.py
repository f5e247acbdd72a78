"""What is kept of whom, how long, and what keeps it back."""
