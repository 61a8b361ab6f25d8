"""What lasts from a day to a day: agreements, laws, awards."""
