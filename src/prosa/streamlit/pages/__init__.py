"""The app's pages: data, documents, sources, history. Each is one function that draws."""
