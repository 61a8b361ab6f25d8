"""What the Hidden population page shows: one estimate, what it rests on, and how to read it."""
