"""From LaTeX to PDF: the engine in its cage, preambles read once, many papers in a run, many PDFs in one."""
