"""The app's shell: frame, navigation, filters, session, server."""
