"""首页: where each role lands. It only puts together what the other capabilities offer.

Words: *home* is a person's landing page for the picked account, *overview* an agency's page of all its brands, *platform*
the operator's page. Promises: a brand is opened only as far as the person's role in it reaches; the operator sees counts,
never content.
"""
