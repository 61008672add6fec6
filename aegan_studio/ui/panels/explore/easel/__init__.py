"""A picture from outside: drawn, opened, looked for, restored."""
