"""What goes out: an effect is a row, written with the change that wants it, and sent after the commit.

Words: an *effect* is one message to one receiver, or one call that changes something at WeChat. It is *planned*, *sending*,
and then *done*, *refused* (WeChat or our ledger said no) or *unknown* (the call was cut in flight). Promises: nothing is
sent before it is written down, nothing that WeChat can't recognise is ever sent twice by a machine, what goes to one fan
goes in the order planned, and nothing planned is forgotten. A person may send an unknown effect again: that is a new row.
"""
