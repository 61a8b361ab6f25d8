"""How each kind of measure is answered from published cells."""
