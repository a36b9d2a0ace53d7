"""Programs that attack, break or flood whoever judges them."""
