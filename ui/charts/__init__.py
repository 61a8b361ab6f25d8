"""Charts: one module, one public function, `(answer, …) -> Figure`: plain values; no session, no file."""
