"""A small network that torch trains with AdamW on the training rows."""

import torch
from torch import nn

VERSION = "1.0.0"
LICENSE = "Apache-2.0"
FLAGS = ["row-independent"]
CONFIG = {
    "hidden": {"default": 64, "minimum": 1, "maximum": 4096, "description": "Hidden units."},
    "epochs": {"default": 100, "minimum": 1, "maximum": 10000, "description": "Passes over the rows."},
    "rate": {"default": 0.001, "minimum": 1e-6, "maximum": 1.0, "description": "Learning rate."},
}


class Method:
    def fit(self, inputs, config, run):
        rows, labels = inputs["train.features"], inputs["train.labels"].long()
        count = int(inputs["class.count"])
        self.network = nn.Sequential(
            nn.Linear(rows.shape[1], config.hidden), nn.GELU(), nn.Linear(config.hidden, count)
        )
        optimizer = torch.optim.AdamW(self.network.parameters(), lr=config.rate)
        for epoch in range(config.epochs):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(self.network(rows), labels)
            loss.backward()
            optimizer.step()
            run.progress((epoch + 1) / config.epochs)
            if run.cancelled():
                break
        run.metric("train_loss", loss.item())

    @torch.no_grad()
    def predict(self, inputs):
        return self.network(inputs["query.features"])
