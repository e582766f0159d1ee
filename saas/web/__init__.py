"""Pages and fragments, forms from schemas, paging, the menu, languages, and errors as HTML or problem+json."""
