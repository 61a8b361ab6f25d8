"""How single cells are written: dates, financial years, ages, numbers."""
