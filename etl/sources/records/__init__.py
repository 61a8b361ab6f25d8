"""Records of people: own spreadsheets, HTCDS, CTDC."""
