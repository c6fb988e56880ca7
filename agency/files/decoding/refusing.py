"""How this process says no: a code that `agency.files` turns into a sentence in the reader's language."""


class No(Exception):
    """The file is not taken. words: what the sentence needs."""

    def __init__(self, code, **words):
        super().__init__(code)
        self.code, self.words = code, words
