"""Forms that collect typed answers without a platform: a table for a class, a page for a student, questions to paste into other forms."""
