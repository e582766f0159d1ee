"""Pure code of fans: what was done, who did it, and the words to find it by."""
