"""Words whose colours their names do not tell: styles, trades, feasts, moods. Written by hand, our own, Apache-2.0.

Of the 64 prompts of the sheet six stand here word for word: "bauhaus", "calm", "silence", "kindergarten", "Halloween"
and "Christmas". All others are read through what is alike.
"""

from __future__ import annotations

from typing import Final

_LIST: Final = """
bauhaus            1d1d1b d6322a f2b705 1f4e9e f3ead7
art deco           14181f 1f4d47 b8893b d9c7a0 f4ecdc
art nouveau        2f3a2a 6b7f4f b5803e d8b98a efe3cc
mid-century modern 2b3a3f c8642c e0a72e 5b8a83 efe4d0
minimalist         1c1c1c 6e6e6c b4b2ad dedbd5 f7f5f1
brutalist          26262a 56575a 8b8a86 b9b5ad d9480f
Memphis design     1b1b3a ff5d8f ffd23f 2ec4b6 f7f7f2
pop art            16161d e4002b ffd100 0077c8 ffffff
psychedelic        3d0c5a d81e78 ff7f11 ffd400 17b890
vaporwave          2d1b69 7b5cd6 ff71ce 01cdfe fffb96
synthwave          14052e 5b1a8b f222a2 ff8b4f 22d3ee
steampunk          241a14 5a3b22 94622f c49a4c d9c9a5
gothic             0f0d12 3a1020 5c1a33 6a6470 c9c3bd
baroque            2a1510 6d1f24 b08a34 d9bd7a f1e6cf
rococo             8a6a4f d9a5a5 e9c9b7 b9cdbd f6efe2
Victorian          2b1d22 5d2331 2f4a3c a78347 e6d8bf
Scandinavian       2f3437 7d8b8c b7a48b dcd6cb f5f3ee
Japanese           23262b b5302a 5d6f55 c9b08a f3eee2
wabi-sabi          3a352f 75695a a3937d c7bba6 e6ded0
Mediterranean      123c69 2a7fb8 e0a458 d9643a f7f1e3
Moroccan           1f3b57 0f7173 c4512d e0a030 f2e3c9
Mexican            2b1a4d d81e5b f18f01 0f9d8a f9e8c9
Indian             5b1647 c2185b f57c00 fbc02d 0b7a75
African            2a1a12 8c3b1a d17a22 e8b93a 2f6b4f
tropical           0b5351 00a896 ff6b6b ffb627 fdf3dc
desert             6b3e26 b5651d d99a5b e9c79b f4e6cf
coastal            1f3a4d 3f7d9c 8fbcc7 d8c9ab f6f1e7
nautical           0b1f3a 1f4e79 c8102e d9d3c3 f8f6f0
rustic             3e2c20 7a4b2b a97b50 8a8f6a eadfcb
farmhouse          3b3a36 7c7f6c a98467 d9d0bf f7f3ea
industrial         232629 4a4f54 7d7f80 a5673f cfcac2
bohemian           5a2a27 b5533c d9a441 4f7170 efdfc6
shabby chic        8c7b75 d8a7a7 e8cfc4 c3d0c4 f8f3ee
retro              2b3a42 3f7f7a e0a526 d9592b f3e3c3
vintage            3d3a34 7c5a43 a68a64 94a39a e9dcc3
1950s diner        1f1f24 d7263d 66c5cc f6d8d5 fbf7ef
1960s              3a1d4d e8458b ff9a1f f7d31e 3aa99f
1970s              4a2c1a a4551e d98e2b 7d7a34 f1dfb8
1980s              1b1464 e6179b 00c2d1 ffe14d 7f3fbf
1990s              2a2a72 00a19b f25c8a f9c22e 6b4fa0
grunge             1e1c1a 4a3f35 6b2a2a 6f7358 b5ad9b
punk               111111 e6007e 39ff14 f5e600 f5f5f5
hip hop            141414 c9a227 b3202a 2b4c9b ececec
jazz               11162a 3a2452 9b2d3a c9963f e9dcc0
rock and roll      121212 8f1020 4d4d52 b89b5e e8e4dc
classical music    1c1a22 4b2330 8f6b3a c6a970 f3ecdf
circus             1f2a5a d42027 f4b41a 2a9d8f fbf1dc
carnival           3f0d5e e4117a ff8c00 ffe000 00a86b
cinema             0e0e12 6a0f1d b3202a c99b3f efe6d2
theatre            1a0c12 5e0f20 a01c32 c79a45 efe0c6
bank               0f2540 1f4b7a 5b7f9e b08d4f f2f0ea
insurance          12305a 2a6cb0 6fb1d6 9fb3a5 f3f6f8
law firm           14212e 3a2a24 6e2f2f 9c8357 ece6da
trust              132f52 2f6595 7fa6c4 c9d3d6 f6f4ee
technology         0d1b2a 1f5eff 00b8d9 8d99ae f4f7fb
startup            1d1a3a 5b4bff 00c2a8 ff7a59 f7f7fc
software company   101828 2563eb 22b8cf 94a3b8 f8fafc
consulting         1b2a3a 44617b 8aa1ad b9a37e f3f1ec
sustainability     1f3a2c 3f7d4e 8ab661 d8c690 f4f3e6
ecology            1e3d2f 4c8c4a a3c26b 8c6b4a eef0df
clean energy       0f3d4c 1b998b 8bc34a f4c430 f3f9f1
hospital           1f4e5f 3a9fa8 9ad1c9 d5e8e6 fafcfb
health             1e5b54 3fb28f a6dcc1 f3b6a0 f8fbf8
spa                3b4a45 7f9c8e b6c8b7 dccdb8 f6f3ec
yoga               4a4458 8f7fa6 c2b1c4 b7c5a9 f4eee6
pharmacy           0f5c4a 1fa06a 8fd3a8 cfe7e0 fafdfb
dentist            12577a 3ab0d0 a5dfe6 dff2f3 fbfdfd
school             1f3a5f d9482b f2b632 4f9d69 f6f0e2
kindergarten       3b5ba5 f25f5c ffcf4a 5cc08b fdf6e9
toys               2456b5 e63946 ffc300 33b26e fff6e5
baby               8aa6b8 bcd9e6 f6cdd0 fbe8b8 fbf8f2
children's book    2f4f7a f2785c f9c74f 7fbf8e fdf3e1
wedding            7d6b63 c99a94 e8c8c0 d8c8a8 faf6f0
bride              a78f82 d9b8ae eadbd2 d3d6c8 fdfaf6
spring             4f7f4f 9cc97a f7b7c5 f8e58c fbf8ef
summer             0f7fa8 35c0c8 ffcf3f ff7f5c fdf6e3
autumn             4a2418 8f3a1d c96f22 dfa93a efdcb8
winter             1c2f45 4c6f8f 9bb7cc d3dfe8 f8fafb
Christmas          10301f 1f6b3a b3141f c9a24a f7f1e6
Halloween          120d16 3d1a57 6b2f8a f2700f a8c93a
Easter             7f6bb0 f4a7b9 f8e27a 9fd6b0 fdf8ee
birthday party     5b2a86 ff4f81 ffb627 2ec4b6 fff5e6
Valentine          4d0a1f a3112f e0405e f5a3b0 fdeef0
new year           0b1026 27306b c2a04a e9d9a8 f6f4f0
luxury             121214 2a2730 6b5632 b8964f efe8da
elegance           1a1a1f 4a3f4a 8c7a76 c9b8a5 f4efe8
jewellery          16202e 0f5a54 7a1f3d c9a85a f3eee4
perfume            3a2230 8a4f63 cf9aa0 d8b98c f6ece4
fashion            131313 6a2c3e b98b73 d8cbbd f6f3ef
cosmetics          5c2a36 b85c6b e0a49a efd0c3 faf3ee
barber shop        141a26 7a1f24 24508c b88a4a efe9dd
restaurant         2a1a16 7d1f1f b5652b 7f8a4a f1e4cd
bakery             4a2c1c 9a5f33 d0a062 ebcf9f fbf4e4
coffee             1f120c 452818 7b4a2b b98a5c ecdcc4
tea                2e3a22 6f7f3a a89a54 c98f4f f1ead4
chocolate          1e100b 3f2016 6b3a24 a06a45 e6cdb0
wine               24060f 551024 8a1f3b 6f7a4c e9d8c3
beer               2b1608 8a4a12 d08a1f f0bd45 fbf1da
seafood            0e3a52 2f86a6 f08060 f6c8a8 f6f4ec
organic food       2f4023 6b8e3a b7c65a d98a3a f5efdc
fitness            14161a e4322b ff8a00 a6e22e e8eaec
football           0f3d1e 2e8b3d e6e6e6 1b1b1b f2c230
racing             0f0f12 d40f1a f2c200 7a7f86 f5f5f5
travel             0f4c75 21a0b5 f2a541 e2633e f7f0e0
camping            2a2f22 56683f 9a7a4a d5702b ecdcbd
hotel              1c2430 2f4f4f 9a7b4f cdb894 f4eee3
airline            0b2a5b 1f6fc0 7fb8e6 e2432f f6f9fc
newspaper          141414 4a4946 8c8880 c9c3b6 f5f0e4
library            20180f 4a2e1a 2f4638 9c7a46 e6d8ba
museum             1e1e20 5a4a42 8e8576 c2a878 f2ede3
science fiction    0a0f1f 16395c 12a5b8 8f7bff dfe9f2
fantasy            1d1538 4a2f80 2f8f83 d2a542 ede3f2
horror             0a0808 2e0c0c 7a0f12 4c5244 b8b09e
romance            5a1230 b83a5c e58a98 f5c9c2 fdf3ef
mystery            12101c 2d2547 4f4a68 7b6f80 bfb6a8
happiness          1f9ac4 ffcf33 ff8552 7ccf7a fff6dc
joy                e8408a ff9a3c ffdd4a 38c0b0 fff8e7
sadness            1c2733 3c5166 6b8196 9fb0bd d5dce0
melancholy         23263a 474c6b 73708a a39aa6 d9d3d3
anger              1a0505 5e0a0a b3120e e8420f f29a2e
love               5e0b24 b51c45 e75a7c f6b2bd fdf0f1
calm               33535e 6f98a0 a8c4c0 d5dfd4 f4f4ec
silence            2e3338 6b747b a3abae d3d7d6 f5f5f2
energy             1c1c3c ff2e4d ff9500 ffe600 00c2ff
hope               2f6f8f 7fc4c1 f7d774 f6a77f fbf8ec
nostalgia          4a3b3a 8d6a5a c29a72 9aa89a eddcc2
dream              2f2a5a 6f6ab5 b8a3d8 f0c3d5 f7f1f8
royal              1c0f3d 4b1f7a 8a1538 c9a13b f2e9da
military           22261c 4a5235 75764f a3926a d2c7a6
space              070a1a 1b1f4a 4b2e83 c2577a e9e3f2
Egypt              12324d 0f7f8c c08a2e e3c37a f5e9cf
Greece             0d3f7f 2f7fc4 8fbde0 d9cba8 fbfaf5
Paris              23252b 5b6577 b8877a d8c7b0 f3eee6
Tokyo              12121c d7263d ff7ab8 3d5af1 e6e8ee
New York           14171c 3f4a57 f2b90c a33b2a d5d5d1
Las Vegas          12081f e0117f ffb000 00b5c8 7a1fa2
Brazil             0b6b3a 2fa84f ffd400 12408f f5f7ee
Ireland            0f3d2a 2f7f4a 7fae5c e08a2e f2f0e2
"""
STYLES: Final = {line[:19].strip(): tuple(f"#{color}" for color in line[19:].split())
                 for line in _LIST.strip().splitlines()}
"""What a style, a trade, a feast or a mood looks like: five colours each."""
FORMS: Final = ("{}", "{} style", "{} colours", "a {} poster", "modern {}", "a {} brand")
"""The ways each word is asked for while the reader learns."""
