"""Charts: one module, one public function, `(answer, …) -> go.Figure`; they read no session and no file."""
