"""What is published and what counts: pure functions of the model, without I/O, clock or language."""
