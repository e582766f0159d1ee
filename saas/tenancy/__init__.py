"""Who is a tenant, and in whose name the present work is done."""
