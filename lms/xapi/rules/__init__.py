"""The vocabulary of the record and the facts that statements become: pure Python."""
