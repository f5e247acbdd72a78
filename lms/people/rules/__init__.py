"""Pure rules about people: dated spells, passwords and mail addresses."""
