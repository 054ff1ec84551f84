"""AdamW, or Muon for the matrices between the layers and AdamW for the rest."""

import torch


def orthogonal(update: torch.Tensor, rounds: int = 5) -> torch.Tensor:
    """The nearest orthogonal matrix, roughly: Newton-Schulz rounds with the coefficients of Muon (Jordan, 2024)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = update / (update.norm() + 1e-7)
    wide = x.shape[0] <= x.shape[1]
    x = x if wide else x.T
    for _ in range(rounds):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x if wide else x.T


class Muon(torch.optim.Optimizer):
    """Momentum whose update of each matrix is made orthogonal. `lr` is the root mean square of an entry's change, so
    that the learning rate of AdamW fits here too (Liu et al., 2025)."""

    def __init__(self, params, lr: float, momentum: float = 0.95, weight_decay: float = 0.1):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                buffer = state.setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                update = orthogonal(p.grad.lerp(buffer, group["momentum"]))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(update, alpha=-0.2 * group["lr"] * max(p.shape) ** 0.5)


def optimizers(model, hinter, name: str, lr: float, weight_decay: float) -> list[torch.optim.Optimizer]:
    adam = dict(lr=lr, betas=(0.9, 0.95), weight_decay=weight_decay)
    extra = list(hinter.parameters()) if hinter is not None else []
    if name == "adamw":
        return [torch.optim.AdamW([*model.parameters(), *extra], **adam)]
    inner = [p for n, p in model.named_parameters() if n.startswith("L_level")]
    ids = {id(p) for p in inner}
    outer = [p for p in model.parameters() if id(p) not in ids]
    return [Muon(inner, lr=lr, weight_decay=weight_decay), torch.optim.AdamW(outer + extra, **adam)]
