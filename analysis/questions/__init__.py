"""What may be asked: filters, questions, and the closed list they are checked against."""
