"""The proof that brands, regions and stores do not see each other: generated from the URL map."""
