"""Small networks written plainly, under the names of layers that public programs give them; random weights.

Each class is what its authors' program does in `forward`; adapters must find all of it in names and shapes alone.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.checkpoint.source import Checkpoint, TensorRef


def checkpoint(state: dict[str, Tensor] | nn.Module, name: str = "G.pt", **settings: Any) -> Checkpoint:
    """Weights as a reader would hand them over, in the order of the file."""
    values = state.state_dict() if isinstance(state, nn.Module) else state
    tensors = {key: TensorRef(key, str(value.dtype).removeprefix("torch."), tuple(value.shape),
                              value.detach().numpy().copy) for key, value in values.items()}
    return Checkpoint(Path(name), "torch-zip", tensors, "sha256:" + "0" * 64, 1, settings)


def shuffled(state: dict[str, Tensor] | nn.Module) -> Checkpoint:
    """The same in alphabetical order, as safetensors keeps them."""
    values = state.state_dict() if isinstance(state, nn.Module) else state
    return checkpoint(dict(sorted(values.items())), "G.safetensors")


def lively(network: nn.Module, seed: int = 0) -> nn.Module:
    """Random weights large enough to matter, averages that are not zero and one, eval mode, no gradients."""
    torch.manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.running_mean.normal_(0.0, 0.3)
            module.running_var.uniform_(0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.3)
        elif isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(module.weight)
            if module.bias is not None:
                nn.init.normal_(module.bias, 0.0, 0.3)
    return network.eval().requires_grad_(requires_grad=False)


class FlatVae(nn.Module):
    """pytorch/examples, `vae`."""

    def __init__(self, pixels: int = 784, hidden: int = 40, latent: int = 5) -> None:
        super().__init__()
        self.fc1 = nn.Linear(pixels, hidden)
        self.fc21 = nn.Linear(hidden, latent)
        self.fc22 = nn.Linear(hidden, latent)
        self.fc3 = nn.Linear(latent, hidden)
        self.fc4 = nn.Linear(hidden, pixels)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = functional.relu(self.fc1(x.flatten(1)))
        return self.fc21(h), self.fc22(h)

    def decode(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.fc4(functional.relu(self.fc3(z))))


class BlockVae(nn.Module):
    """The convolutional layout of encoder / fc_mu / fc_var / decoder_input / decoder / final_layer."""

    def __init__(self, widths: tuple[int, ...] = (4, 6, 8), latent: int = 6, channels: int = 3, side: int = 32) -> None:
        super().__init__()
        self.small = side // 2 ** len(widths)
        self.last = widths[-1]
        blocks, before = [], channels
        for width in widths:
            blocks.append(nn.Sequential(nn.Conv2d(before, width, 3, stride=2, padding=1), nn.BatchNorm2d(width),
                                        nn.LeakyReLU()))
            before = width
        self.encoder = nn.Sequential(*blocks)
        flat = widths[-1] * self.small ** 2
        self.fc_mu = nn.Linear(flat, latent)
        self.fc_var = nn.Linear(flat, latent)
        self.decoder_input = nn.Linear(latent, flat)
        down = widths[::-1]
        self.decoder = nn.Sequential(*(nn.Sequential(
            nn.ConvTranspose2d(first, second, 3, stride=2, padding=1, output_padding=1), nn.BatchNorm2d(second),
            nn.LeakyReLU()) for first, second in itertools.pairwise(down)))
        self.final_layer = nn.Sequential(
            nn.ConvTranspose2d(down[-1], down[-1], 3, stride=2, padding=1, output_padding=1),
            nn.BatchNorm2d(down[-1]), nn.LeakyReLU(), nn.Conv2d(down[-1], channels, 3, padding=1), nn.Tanh())

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = self.encoder(x).flatten(1)
        # Its authors put no activation between the last block and the heads but the block's own.
        return self.fc_mu(h), self.fc_var(h)

    def decode(self, z: Tensor) -> Tensor:
        h = self.decoder_input(z).view(-1, self.last, self.small, self.small)
        return self.final_layer(self.decoder(h))


class NamedVae(nn.Module):
    """World models, Ha and Schmidhuber (2018): unpadded kernels, log sigma in place of the log variance."""

    def __init__(self, latent: int = 7, width: int = 4) -> None:
        super().__init__()
        self.encoder = nn.Module()
        for number, (first, second) in enumerate(((3, width), (width, 2 * width), (2 * width, 4 * width),
                                                  (4 * width, 8 * width)), 1):
            self.encoder.add_module(f"conv{number}", nn.Conv2d(first, second, 4, stride=2))
        self.encoder.fc_mu = nn.Linear(2 * 2 * 8 * width, latent)
        self.encoder.fc_logsigma = nn.Linear(2 * 2 * 8 * width, latent)
        self.decoder = nn.Module()
        self.decoder.fc1 = nn.Linear(latent, 32 * width)
        for number, (first, second, kernel) in enumerate(((32 * width, 4 * width, 5), (4 * width, 2 * width, 5),
                                                          (2 * width, width, 6), (width, 3, 6)), 1):
            self.decoder.add_module(f"deconv{number}", nn.ConvTranspose2d(first, second, kernel, stride=2))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        for number in range(1, 5):
            x = functional.relu(getattr(self.encoder, f"conv{number}")(x))
        flat = x.flatten(1)
        return self.encoder.fc_mu(flat), 2 * self.encoder.fc_logsigma(flat)

    def decode(self, z: Tensor) -> Tensor:
        x = functional.relu(self.decoder.fc1(z))[:, :, None, None]
        for number in range(1, 4):
            x = functional.relu(getattr(self.decoder, f"deconv{number}")(x))
        return torch.sigmoid(self.decoder.deconv4(x))


class ListVae(nn.Module):
    """One `nn.Sequential` each, without batch norm, reshapes inside the lists."""

    def __init__(self, latent: int = 4) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 8, 4, 2, 1), nn.ReLU(), nn.Conv2d(8, 12, 4, 2, 1), nn.ReLU(),
                                     nn.Flatten(), nn.Linear(12 * 49, 20), nn.ReLU())
        self.mu = nn.Linear(20, latent)
        self.logvar = nn.Linear(20, latent)
        self.decoder = nn.Sequential(nn.Linear(latent, 20), nn.ReLU(), nn.Linear(20, 12 * 49), nn.ReLU(),
                                     nn.Unflatten(1, (12, 7, 7)), nn.ConvTranspose2d(12, 8, 4, 2, 1), nn.ReLU(),
                                     nn.ConvTranspose2d(8, 1, 4, 2, 1), nn.Sigmoid())

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = self.encoder(x)
        return self.mu(h), self.logvar(h)

    def decode(self, z: Tensor) -> Tensor:
        return self.decoder(z)


class UpsamplingVae(nn.Module):
    """Pooling on the way in, nearest upsampling on the way out, one matrix for mean and log variance."""

    def __init__(self, latent: int = 5) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                     nn.Conv2d(6, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                                     nn.Linear(8 * 16, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 8 * 16), nn.ReLU(), nn.Unflatten(1, (8, 4, 4)),
                                     nn.Upsample(scale_factor=2), nn.Conv2d(8, 6, 3, padding=1), nn.ReLU(),
                                     nn.Upsample(scale_factor=2), nn.Conv2d(6, 3, 3, padding=1), nn.Sigmoid())

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, spread = self.encoder(x).chunk(2, dim=1)
        return mean, spread

    def decode(self, z: Tensor) -> Tensor:
        return self.decoder(z)


class DcganGenerator(nn.Module):
    """pytorch/examples, `dcgan`, for any power of two from 8 up."""

    def __init__(self, latent: int = 10, width: int = 4, channels: int = 3, side: int = 32) -> None:
        super().__init__()
        times = side // 8
        layers: list[nn.Module] = [nn.ConvTranspose2d(latent, width * times, 4, 1, 0, bias=False),
                                   nn.BatchNorm2d(width * times), nn.ReLU()]
        while times > 1:
            layers += [nn.ConvTranspose2d(width * times, width * times // 2, 4, 2, 1, bias=False),
                       nn.BatchNorm2d(width * times // 2), nn.ReLU()]
            times //= 2
        self.main = nn.Sequential(*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, z: Tensor) -> Tensor:
        return self.main(z[:, :, None, None])


class DcganDiscriminator(nn.Module):
    """Its opponent, which must not be taken for a generator."""

    def __init__(self, width: int = 4, channels: int = 3) -> None:
        super().__init__()
        self.main = nn.Sequential(nn.Conv2d(channels, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
                                  nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * width),
                                  nn.LeakyReLU(0.2), nn.Conv2d(2 * width, 1, 4, 1, 0, bias=False), nn.Sigmoid())


class UpsamplingGenerator(nn.Module):
    """PyTorch-GAN, `dcgan`: upsampling and convolutions; the 0.8 is the eps of its batch norms."""

    def __init__(self, latent: int = 9, width: int = 8, channels: int = 1, side: int = 32) -> None:
        super().__init__()
        self.small = side // 4
        self.width = width
        self.l1 = nn.Sequential(nn.Linear(latent, width * self.small ** 2))
        self.conv_blocks = nn.Sequential(
            nn.BatchNorm2d(width), nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, stride=1, padding=1),
            nn.BatchNorm2d(width, 0.8), nn.LeakyReLU(0.2), nn.Upsample(scale_factor=2),
            nn.Conv2d(width, width // 2, 3, stride=1, padding=1), nn.BatchNorm2d(width // 2, 0.8), nn.LeakyReLU(0.2),
            nn.Conv2d(width // 2, channels, 3, stride=1, padding=1), nn.Tanh())

    def forward(self, z: Tensor) -> Tensor:
        return self.conv_blocks(self.l1(z).view(-1, self.width, self.small, self.small))


class MatrixGenerator(nn.Module):
    """PyTorch-GAN, `wgan_gp` and, with classes, `cgan`: matrices only."""

    def __init__(self, latent: int = 6, side: int = 16, channels: int = 1, classes: int = 0) -> None:
        super().__init__()
        self.shape = (channels, side, side)
        if classes:
            self.label_emb = nn.Embedding(classes, classes)

        def block(first: int, second: int, *, norm: bool = True) -> list[nn.Module]:
            return [nn.Linear(first, second), *([nn.BatchNorm1d(second, 0.8)] if norm else []), nn.LeakyReLU(0.2)]

        self.model = nn.Sequential(*block(latent + classes, 12, norm=False), *block(12, 20), *block(20, 24),
                                   nn.Linear(24, channels * side * side), nn.Tanh())

    def forward(self, z: Tensor, classes: Tensor | None = None) -> Tensor:
        if classes is not None:
            z = torch.cat((self.label_emb(classes), z), -1)
        return self.model(z).view(-1, *self.shape)


class AcganGenerator(nn.Module):
    """PyTorch-GAN, `acgan`: the class's vector times the latent one."""

    def __init__(self, latent: int = 7, classes: int = 5) -> None:
        super().__init__()
        self.label_emb = nn.Embedding(classes, latent)
        self.l1 = nn.Sequential(nn.Linear(latent, 8 * 64))
        self.conv_blocks = UpsamplingGenerator(latent).conv_blocks

    def forward(self, z: Tensor, classes: Tensor) -> Tensor:
        return self.conv_blocks(self.l1(self.label_emb(classes) * z).view(-1, 8, 8, 8))


class WganColour(nn.Module):
    """WGAN-GP for 32 × 32 colour pictures, as in the best known PyTorch port."""

    def __init__(self, latent: int = 8, width: int = 4) -> None:
        super().__init__()
        self.width = width
        self.preprocess = nn.Sequential(nn.Linear(latent, 64 * width), nn.BatchNorm1d(64 * width), nn.ReLU())
        self.block1 = nn.Sequential(nn.ConvTranspose2d(4 * width, 2 * width, 2, stride=2), nn.BatchNorm2d(2 * width),
                                    nn.ReLU())
        self.block2 = nn.Sequential(nn.ConvTranspose2d(2 * width, width, 2, stride=2), nn.BatchNorm2d(width),
                                    nn.ReLU())
        self.deconv_out = nn.ConvTranspose2d(width, 3, 2, stride=2)

    def forward(self, z: Tensor) -> Tensor:
        x = self.preprocess(z).view(-1, 4 * self.width, 4, 4)
        return torch.tanh(self.deconv_out(self.block2(self.block1(x))))


class WganDigits(nn.Module):
    """WGAN-GP for digits: unpadded kernels, and a crop from 8 to 7."""

    def __init__(self, latent: int = 8, width: int = 4) -> None:
        super().__init__()
        self.width = width
        self.preprocess = nn.Sequential(nn.Linear(latent, 64 * width), nn.ReLU())
        self.block1 = nn.Sequential(nn.ConvTranspose2d(4 * width, 2 * width, 5), nn.ReLU())
        self.block2 = nn.Sequential(nn.ConvTranspose2d(2 * width, width, 5), nn.ReLU())
        self.deconv_out = nn.ConvTranspose2d(width, 1, 8, stride=2)

    def forward(self, z: Tensor) -> Tensor:
        x = self.block1(self.preprocess(z).view(-1, 4 * self.width, 4, 4))[:, :, :7, :7]
        return torch.sigmoid(self.deconv_out(self.block2(x)))


class WordModel(nn.Module):
    """pytorch/examples, `word_language_model`: encoder, rnn, decoder; perhaps tied."""

    def __init__(self, kind: str = "LSTM", tokens: int = 23, inputs: int = 8, hidden: int = 12, layers: int = 2, *,
                 tied: bool = False) -> None:
        super().__init__()
        self.encoder = nn.Embedding(tokens, inputs)
        self.rnn = getattr(nn, kind)(inputs, hidden, layers)
        self.decoder = nn.Linear(hidden, tokens)
        if tied:
            self.decoder.weight = self.encoder.weight

    def forward(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        seen, state = self.rnn(self.encoder(tokens.T), state)
        return self.decoder(seen).transpose(0, 1), state


class CharacterModel(nn.Module):
    """The character model of many tutorials: batch first, one layer, other names; without biases inside."""

    def __init__(self, tokens: int = 17, hidden: int = 9) -> None:
        super().__init__()
        self.embed = nn.Embedding(tokens, hidden)
        self.gru = nn.GRU(hidden, hidden, batch_first=True, bias=False)
        self.fc = nn.Linear(hidden, tokens)

    def forward(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        seen, state = self.gru(self.embed(tokens), state)
        return self.fc(seen), state


class OneHotModel(nn.Module):
    """Characters enter one-hot; no embedding is stored."""

    def __init__(self, tokens: int = 11, hidden: int = 8) -> None:
        super().__init__()
        self.tokens = tokens
        self.lstm = nn.LSTM(tokens, hidden, 2, batch_first=True)
        self.fc = nn.Linear(hidden, tokens)

    def forward(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        seen, state = self.lstm(functional.one_hot(tokens, self.tokens).float(), state)
        return self.fc(seen), state


class PlainCellModel(nn.Module):
    """Elman's cells, one matrix for embedding and head that is stored once."""

    def __init__(self, tokens: int = 13, hidden: int = 6) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, hidden)
        self.rnn = nn.RNN(hidden, hidden, batch_first=True)

    def forward(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        seen, state = self.rnn(self.embedding(tokens), state)
        return functional.linear(seen, self.embedding.weight), state


class NanoBlock(nn.Module):
    """nanoGPT's block, names included; biases may be left out."""

    def __init__(self, width: int, heads: int, *, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.ln_1 = nn.LayerNorm(width, bias=bias)
        self.attn = nn.ModuleDict({"c_attn": nn.Linear(width, 3 * width, bias=bias),
                                   "c_proj": nn.Linear(width, width, bias=bias)})
        self.ln_2 = nn.LayerNorm(width, bias=bias)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(width, 4 * width, bias=bias),
                                  "c_proj": nn.Linear(4 * width, width, bias=bias)})

    def forward(self, x: Tensor) -> Tensor:
        batch, time, width = x.shape
        query, key, value = (part.view(batch, time, self.heads, -1).transpose(1, 2)
                             for part in self.attn["c_attn"](self.ln_1(x)).split(width, dim=2))
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.attn["c_proj"](seen.transpose(1, 2).reshape(batch, time, width))
        return x + self.mlp["c_proj"](functional.gelu(self.mlp["c_fc"](self.ln_2(x))))


class NanoGpt(nn.Module):
    """nanoGPT: no cache, every text is read from its beginning."""

    def __init__(self, tokens: int = 29, width: int = 16, heads: int = 2, layers: int = 2, context: int = 24, *,
                 bias: bool = False) -> None:
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(tokens, width), "wpe": nn.Embedding(context, width),
            "h": nn.ModuleList(NanoBlock(width, heads, bias=bias) for _ in range(layers)),
            "ln_f": nn.LayerNorm(width, bias=bias)})
        self.lm_head = nn.Linear(width, tokens, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.transformer["wte"](tokens) + self.transformer["wpe"](torch.arange(tokens.shape[1]))
        for block in self.transformer["h"]:
            x = block(x)
        return self.lm_head(self.transformer["ln_f"](x))
