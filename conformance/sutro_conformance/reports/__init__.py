"""Reports in every form: terminal, HTML, JSON, JUnit, Markdown."""
