def fail():
    raise RuntimeError("from beside")
