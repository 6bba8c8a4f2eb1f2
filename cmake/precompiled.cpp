// An object library needs a source; the header beside it is what matters.
