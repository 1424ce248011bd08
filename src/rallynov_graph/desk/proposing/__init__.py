"""What a document may state, proposed to a person who decides: nothing here is stored."""
