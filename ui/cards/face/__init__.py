"""What one card hands to the browser, in one message, and how the browser draws it."""
