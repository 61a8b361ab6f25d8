"""Which years a period is chosen by: those of the calendar, half-years, or those of a funder."""
