"""How texts are folded and compared, and which names are near what a person wrote."""
