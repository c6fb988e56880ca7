"""What stands on a desk beside the inbox: each panel a small, constant number of queries over what the person sees."""
