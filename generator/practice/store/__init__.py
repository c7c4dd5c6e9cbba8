"""The SQLite file that holds a student's progress: its tables, reading and writing them, exporting them."""
