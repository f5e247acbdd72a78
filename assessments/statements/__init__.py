"""What this room tells the record: attempts begun, questions answered, quizzes passed or failed."""
