"""Stores that die at a side effect of the test's choice, before it or after it."""


class Killed(BaseException):
    """The process ends here."""


class Fate:
    """Counts side effects; dies at those that were chosen: 2n is before the n-th, 2n + 1 after it."""

    def __init__(self, at=(), check=lambda: None):
        self.at, self.count, self.check = set(at), 0, check

    def around(self, effect):
        turn = self.count
        self.count += 1
        if 2 * turn in self.at:
            raise Killed
        try:
            found = effect()
        finally:
            self.check()
        if 2 * turn + 1 in self.at:
            raise Killed
        return found


class MortalStore:
    """Implements StateStore."""

    def __init__(self, store, fate):
        self.store, self.fate = store, fate

    def get(self, collection, name):
        return self.store.get(collection, name)

    def find(self, query):
        return self.store.find(query)

    def commit(self, writes):
        return self.fate.around(lambda: self.store.commit(writes))


class MortalObjects:
    """Implements ObjectStore."""

    def __init__(self, objects, fate):
        self.objects, self.fate = objects, fate

    def create(self, name, data, *, content_type):
        return self.fate.around(lambda: self.objects.create(name, data, content_type=content_type))

    def read(self, name):
        return self.fate.around(lambda: self.objects.read(name))


class MemoryObjects(dict):
    """Implements ObjectStore: names never written twice."""

    def create(self, name, data, *, content_type):
        del content_type
        if name in self:
            return False
        self[name] = data
        return True

    def read(self, name):
        return self.get(name)
