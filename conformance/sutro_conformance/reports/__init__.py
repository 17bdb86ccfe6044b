"""Reports in every format_: terminal, HTML, JSON, JUnit, Markdown."""
