"""x"""
from collections import Counter
class Oracle:
    def __init__(self, config, start):
        self.counts = Counter(); self.checks = Counter(); self.violations = []; self.facts=[]
    def take(self, fact):
        self.counts[type(fact).__name__] += 1
        self.facts.append(fact)
    def finish(self, store, providers, now):
        pass
