"""Trains a TRM on boards from `ptrmd generate | ptrmd tokens`; see README.md."""

import argparse
import copy
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from curriculum import Curriculum
from data import Boards, Sampler, clues, reveal, still_hidden
from export import load
from hints import HINTS, PARTS
from model import Config, TRM
from optimizer import optimizers
from start import deeper, resized, start_from_parts, start_on_a_grid


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    a = parser.add_argument
    a("train", help="boards to learn from")
    a("--held-out", required=True, help="boards to measure on; must share none with the first, up to symmetry")
    a("--out", required=True, help="checkpoint, written every few minutes")
    a("--resume", action="store_true", help="go on from --out when it is there")
    a("--start-from", metavar="FILE", help="begin with the weights and the shape of this .safetensors file; the boards may "
      "be larger or smaller than its own")
    a("--hours", type=float, default=8.0, help="training time in all, resumed runs included; sets the learning rate")
    a("--mixer", choices=["attention", "mlp"], default="attention")
    a("--positions", choices=["learned", "rope", "none"], default="learned")
    a("--grid-start", type=int, default=2, help="layers whose heads begin on a cell's neighbours; 0: no knowledge of rows "
      "and columns either (attention, learned)")
    a("--waves", type=int, metavar="SIDE", help="the side of board that the positions start for; give the largest that the model "
      "is to grow to, in each run; default: the boards' side, and the model's with --start-from")
    a("--hidden", type=int, default=128)
    a("--heads", type=int, default=4)
    a("--expansion", type=float, default=2.0)
    a("--H-cycles", type=int, default=1)
    a("--L-cycles", type=int, default=2)
    a("--layers", type=int, help="2 unless --start-from has others; more than it has: new ones are added to them")
    a("--batch", type=int, default=24, help="slots that train side by side")
    a("--lr", type=float, default=1.5e-3)
    a("--warm-up", type=int, default=150, help="steps")
    a("--weight-decay", type=float, default=0.1)
    a("--optimizer", choices=["muon", "adamw"], default="muon")
    a("--ema", type=float, default=0.998)
    a("--max-steps", type=int, default=16, help="supervision steps after which a slot takes a new board, at level 1")
    a("--explore", type=float, default=0.1, help="share of slots that may not halt before a random step")
    a("--hints", type=int, default=1, help="1: also train what follows from a solution, where the task has such hints")
    a("--given-weight", type=float, help="weight of a given cell in the loss; a cell to solve has 1; default: 0.1, and 1 for "
      "mazes, whose free cells off the way look given")
    a("--level", type=float, default=0.4, help="largest hidden share at the start")
    a("--rise", type=float, default=0.03)
    a("--goal", type=float, default=0.4, help="share of solved boards at which more is hidden")
    a("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    a("--dtype", choices=["float32", "bfloat16"], default=None, help="of activations; bfloat16 on CUDA")
    a("--threads", type=int, default=0)
    a("--compile", action="store_true")
    a("--save-minutes", type=float, default=5)
    a("--measure", type=int, default=64, help="held-out boards per measurement")
    a("--report", type=int, default=200, help="steps between lines of the log")
    a("--seed", type=int, default=0)
    return parser.parse_args()


def losses(model, hinter, z_H, z_L, tokens, target, hints, given_weight):
    """One supervision step: cross-entropy over the cells, of the halt logit against "every cell right", and of hints."""
    z_H, z_L, logits, q = model(z_H, z_L, tokens)
    logits = logits.float()
    cells, hidden = target > 0, still_hidden(tokens, target)
    # Given cells are only to be copied: they count little, so that the loss speaks of the cells to solve.
    weight = hidden + given_weight * (cells & ~hidden)
    ce = F.cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="none").view(target.shape)
    ce = (ce * weight).sum() / weight.sum()
    right = (logits.argmax(-1) == target) | ~cells
    solved = right.all(1)
    halt = F.binary_cross_entropy_with_logits(q, solved.float())
    loss, hint = ce + 0.5 * halt, torch.zeros(())
    if hinter is not None:
        known = F.binary_cross_entropy_with_logits(hinter(z_H[:, -cells.shape[1] :].float()), hints, reduction="none")
        hint = (known.mean(-1) * cells).sum() / cells.sum()
    carry, parts = (z_H.detach(), z_L.detach()), (ce.detach(), halt.detach(), hint.detach())
    return loss + hint, (*carry, *parts, q.detach(), solved, (right * hidden).sum() / hidden.sum())


@torch.no_grad()
def measure(model, boards: Boards, count: int, hidden: float, depth: int, device, dtype):
    """Exact and per-cell accuracy after `depth` steps on boards of which the share `hidden` is hidden, and the mean halt
    logit of right and wrong."""
    solved, cells, q_right, q_wrong = 0, 0.0, [], []
    rng = np.random.default_rng(0)
    count = min(count, len(boards))
    for start in range(0, count, 64):
        puzzles, solutions = (t[start : min(start + 64, count)] for t in (boards.tokens, boards.solutions))
        puzzles = reveal(boards.task, puzzles, solutions, rng.random(puzzles.shape) >= hidden)
        tokens, target = (torch.from_numpy(t).to(device) for t in (puzzles, solutions))
        z_H, z_L = model.fresh(len(tokens), dtype)
        for _ in range(depth):
            z_H, z_L, logits, q = model(z_H, z_L, tokens)
        right = (logits.argmax(-1) == target) | (target == 0)
        open_cells = still_hidden(tokens, target).float()
        cells += ((right * open_cells).sum(1) / open_cells.sum(1).clamp(min=1)).sum().item()
        exact = right.all(1)
        solved += exact.sum().item()
        q_right += q[exact].tolist()
        q_wrong += q[~exact].tolist()
    mean = lambda values: sum(values) / len(values) if values else math.nan
    return solved / count, cells / count, mean(q_right), mean(q_wrong)


class Run:
    def __init__(self, options):
        self.options = options
        self.device = torch.device(options.device)
        self.dtype = getattr(torch, options.dtype or ("bfloat16" if self.device.type == "cuda" else "float32"))
        torch.manual_seed(options.seed)
        self.rng = np.random.default_rng(options.seed)
        saved = self.saved()
        boards = Boards(options.train)
        self.held_out = Boards(options.held_out)
        kind = lambda b: f"{b.task}, side {b.side}, {b.vocab_size} tokens"
        if kind(boards) != kind(self.held_out):
            raise SystemExit(f"{options.train} has {kind(boards)}; {options.held_out} {kind(self.held_out)}")
        self.task, self.side = boards.task, boards.side
        shared = len(boards.keys() & self.held_out.keys())
        if shared:
            raise SystemExit(f"{shared} held-out boards are in {options.train} as well")
        self.sampler = Sampler(boards, self.rng)
        self.curriculum = Curriculum(options.level, options.rise, options.goal, options.max_steps)
        model = self.model_of(saved, boards) if saved else self.new_model(boards)
        self.config = model.config
        if options.given_weight is None:
            options.given_weight = 1.0 if boards.task == "maze" else 0.1
        self.model = model.to(self.device)
        self.ema = copy.deepcopy(self.model)
        hints = saved["hinter"] is not None if saved else options.hints
        self.hint_count, self.hint = HINTS.get(boards.task, (0, None)) if hints else (0, None)
        self.hinter = torch.nn.Linear(self.config.hidden_size, self.hint_count).to(self.device) if self.hint else None
        self.optimizers = optimizers(self.model, self.hinter, options.optimizer, options.lr, options.weight_decay)
        self.step, self.hours = 0, 0.0
        if saved:
            self.restore(saved)
        print(f"{sum(p.numel() for p in self.model.parameters())} parameters, {self.config}, {options}", flush=True)

    def new_model(self, boards: Boards) -> TRM:
        o = self.options
        if o.start_from:
            model = load(o.start_from)
            cells, tokens = model.config.seq_len, model.config.vocab_size
            if tokens != boards.vocab_size:
                raise SystemExit(f"{o.start_from} has {tokens} tokens, the boards {boards.vocab_size}")
            waves = (o.waves or math.isqrt(cells)) if o.grid_start else None
            model = model if cells == boards.side**2 else resized(model, boards.side, waves)
            return model if o.layers in (None, model.config.L_layers) else deeper(model, o.layers)
        model = TRM(Config(
            seq_len=boards.side**2, vocab_size=boards.vocab_size, hidden_size=o.hidden, num_heads=o.heads,
            expansion=o.expansion, H_cycles=o.H_cycles, L_cycles=o.L_cycles, L_layers=o.layers or 2,
            mlp_t=o.mixer == "mlp", pos_encodings="none" if o.mixer == "mlp" else o.positions, puzzle_emb_ndim=o.hidden))
        if o.grid_start and o.mixer == "attention" and o.positions == "learned":
            start_on_a_grid(model, o.grid_start, o.waves)
        if boards.task in PARTS:
            start_from_parts(model, PARTS[boards.task](boards.vocab_size))
        return model

    def model_of(self, saved, boards: Boards) -> TRM:
        """The model of a checkpoint, unless that contradicts the boards or the options."""
        o, config = self.options, Config(**saved["config"])
        found = dict(
            task=saved["task"], side=math.isqrt(config.seq_len), vocab_size=config.vocab_size, hidden=config.hidden_size,
            mixer="mlp" if config.mlp_t else "attention", layers=config.L_layers, H_cycles=config.H_cycles,
            L_cycles=config.L_cycles, optimizer=saved.get("optimizer", o.optimizer))
        wanted = dict(
            task=boards.task, side=boards.side, vocab_size=boards.vocab_size, hidden=o.hidden, mixer=o.mixer,
            layers=o.layers or 2, H_cycles=o.H_cycles, L_cycles=o.L_cycles, optimizer=o.optimizer)
        if o.start_from:  # a run that began with another model has that one's shape
            shape = ("task", "side", "vocab_size", "optimizer") + (("layers",) if o.layers else ())
            wanted = {key: wanted[key] for key in shape}
        for key, value in wanted.items():
            if value != found[key]:
                raise SystemExit(f"{o.out} has {key} {found[key]}, this run {value}")
        return TRM(config)

    def saved(self):
        if not os.path.exists(self.options.out):
            return None
        if not self.options.resume:
            raise SystemExit(f"{self.options.out} is there: give --resume to go on from it, or another --out")
        return torch.load(self.options.out, map_location=self.device, weights_only=True)

    def restore(self, saved):
        self.model.load_state_dict(saved["model"])
        self.ema.load_state_dict(saved["ema"])
        if self.hinter:
            self.hinter.load_state_dict(saved["hinter"])
        for optimizer, state in zip(self.optimizers, saved["optimizers"]):
            optimizer.load_state_dict(state)
        self.step, self.hours, self.curriculum.level = saved["step"], saved["hours"], saved["level"]
        self.rng.bit_generator.advance(self.step * 1_000_003)

    def save(self):
        state = dict(
            task=self.task, optimizer=self.options.optimizer, config=self.config.dictionary(), model=self.model.state_dict(),
            ema=self.ema.state_dict(), optimizers=[o.state_dict() for o in self.optimizers], step=self.step,
            hinter=self.hinter and self.hinter.state_dict(), hours=self.hours, level=self.curriculum.level)
        torch.save(state, self.options.out + ".part")
        os.replace(self.options.out + ".part", self.options.out)

    def learning_rate(self) -> float:
        done = min(1.0, self.hours / self.options.hours)
        return self.options.lr * min(1, (self.step + 1) / self.options.warm_up) * (0.05 + 0.475 * (1 + math.cos(math.pi * done)))

    def draw(self, count: int):
        """Boards, their solutions and hints."""
        tokens, target = (t.to(self.device) for t in self.sampler.draw(self.curriculum.draw(count, self.rng)))
        if not self.hint:
            return tokens, target, torch.zeros(count, device=self.device)
        return tokens, target, self.hint(*(t.view(-1, self.side, self.side) for t in (clues(tokens), target))).flatten(1, 2)

    def update_ema(self):
        decay = min(self.options.ema, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.ema.parameters()), list(self.model.parameters()), 1 - decay)

    def report_held_out(self, count: int):
        begun, count, parts = time.time(), min(count, len(self.held_out)), []
        for hidden in (0.3, 0.6, 1.0):
            exact, cells, right, wrong = measure(
                self.ema, self.held_out, count, hidden, self.options.max_steps, self.device, self.dtype)
            parts.append(f"{hidden:.0%} hidden: exact {exact:.3f} cells {cells:.3f} q {right:.1f} {wrong:.1f}")
        print(
            f"HELD-OUT step {self.step}, {count} boards: {'; '.join(parts)} ({time.time() - begun:.0f} s)", flush=True)

    def train(self):
        o, size = self.options, self.options.batch
        step_losses = torch.compile(losses, dynamic=False) if o.compile else losses
        tokens, target, hints = self.draw(size)
        z_H, z_L = self.model.fresh(size, self.dtype)
        # Slots begin at different ages, so that they do not all take new boards in the same step.
        age = torch.arange(size, device=self.device) % self.curriculum.patience()
        least = torch.zeros_like(age)
        sums, count, left, won, begun = np.zeros(5), 0, 0, 0, time.time()
        last, saved_at = begun, begun
        while self.hours < o.hours:
            lr, patience = self.learning_rate(), self.curriculum.patience()
            for optimizer in self.optimizers:
                for group in optimizer.param_groups:
                    group["lr"] = lr
            loss, (z_H, z_L, ce, halt, hint, q, solved, cells) = step_losses(
                self.model, self.hinter, z_H, z_L, tokens, target, hints, o.given_weight)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            for optimizer in self.optimizers:
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
            self.update_ema()
            age += 1
            leaving = (age >= patience) | ((q > 0) & (age >= least))
            going = int(leaving.sum())
            if going:
                wins = int((leaving & solved).sum())
                tokens[leaving], target[leaving], hints[leaving] = self.draw(going)
                z_H[leaving], z_L[leaving] = self.model.H_init.to(self.dtype), self.model.L_init.to(self.dtype)
                age[leaving] = 0
                explores = torch.rand(going, device=self.device) < o.explore
                least[leaving] = explores * torch.randint(2, patience + 1, (going,), device=self.device)
                self.curriculum.record(wins, going)
                left, won = left + going, won + wins
            sums += [ce.item(), halt.item(), hint.item(), solved.float().mean().item(), cells.item()]
            count += 1
            self.step += 1
            now = time.time()
            self.hours += min(now - last, 10) / 3600  # a process that was stopped did not train
            last = now
            if self.step % o.report == 0:
                ce, halt, hint, exact, cell = sums / count
                print(
                    f"{self.step} {self.hours * 60:.1f} min ce {ce:.4f} halt {halt:.3f} hints {hint:.3f} solved {exact:.3f} open cells {cell:.4f} "
                    f"left solved {won / max(1, left):.3f} level {self.curriculum.level:.2f} lr {lr:.1e} "
                    f"{count * size / (now - begun):.0f} samples/s", flush=True)
                sums, count, left, won, begun = np.zeros(5), 0, 0, 0, now
            if now - saved_at > 60 * o.save_minutes:
                self.save()
                self.report_held_out(o.measure)
                saved_at = last = begun = time.time()
                sums, count = np.zeros(5), 0
        self.save()
        self.report_held_out(1000)


if __name__ == "__main__":
    options = arguments()
    if options.threads:
        torch.set_num_threads(options.threads)
    Run(options).train()
