#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the fonts of this folder from Debian's fonts-inter and fonts-jetbrains-mono (needs fonttools).

Qt gained QFont::setFeature in 6.7; so that figures are tabular with 6.4 too, the characters are mapped straight to the
glyphs that Inter's `tnum` feature would choose. Families are renamed, so that an Inter of the desktop is not mixed in.
"""
import sys
from fontTools import subset
from fontTools.ttLib import TTFont

RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x300, 0x30C), (0x370, 0x3FF), (0x400, 0x45F), (0x490, 0x491), (0x1E00, 0x1EFF),
          (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x226F),
          (0x2318, 0x2325), (0x2500, 0x25FF), (0x2610, 0x2612), (0x2713, 0x2717), (0xFB00, 0xFB04), (0xFFFD, 0xFFFD)]
SANS = [("Regular", 400), ("Medium", 500), ("SemiBold", 600), ("Bold", 700)]
MONO = [("Regular", 400), ("SemiBold", 600)]


def rename(font, family, style, weight):
    names = font["name"]
    regular = style in ("Regular", "Bold")
    for record in list(names.names):
        if record.nameID in (16, 17, 21, 22, 25):
            names.removeNames(nameID=record.nameID)
    values = {1: family if regular else f"{family} {style}", 2: style if regular else "Regular", 3: f"{family} {style}; Signalbox",
              4: f"{family} {style}", 6: f"{family.replace(' ', '')}-{style}"}
    if not regular:
        values |= {16: family, 17: style}
    for identifier, text in values.items():
        names.removeNames(nameID=identifier)
        names.setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames[0] = values[6]
        cff.topDictIndex[0].FamilyName = family
        cff.topDictIndex[0].FullName = values[4]


def tabular(font):
    table = font["GSUB"].table
    swap = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for sub in table.LookupList.Lookup[index].SubTable:
                    swap |= getattr(sub, "ExtSubTable", sub).mapping
    for cmap in font["cmap"].tables:
        for code, glyph in list(cmap.cmap.items()):
            if code not in (0x20, 0xA0) and glyph in swap:   # the space keeps its own width
                cmap.cmap[code] = swap[glyph]
    width = font["hmtx"][font.getBestCmap()[ord("0")]][0]
    for digit in "123456789":  # a few units off in the heavier weights
        glyph = font.getBestCmap()[ord(digit)]
        font["hmtx"][glyph] = (width, font["hmtx"][glyph][1])


def make(source, target, family, style, weight, tnum, features):
    font = TTFont(source)
    if tnum:
        tabular(font)
    options = subset.Options()
    options.layout_features = features
    options.hinting = not tnum
    options.name_IDs = ["*"]
    options.notdef_outline = True
    cut = subset.Subsetter(options)
    cut.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cut.subset(font)
    rename(font, family, style, weight)
    font.save(target)


def main(folder="."):
    for style, weight in SANS:
        make(f"/usr/share/fonts/opentype/inter/Inter-{style}.otf", f"{folder}/SignalboxSans-{style}.otf", "Signalbox Sans", style, weight, True,
             ["kern", "mark", "mkmk", "ccmp", "locl"])
    for style, weight in MONO:
        make(f"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-{style}.ttf", f"{folder}/SignalboxMono-{style}.ttf", "Signalbox Mono", style,
             weight, False, ["mark", "mkmk", "ccmp", "locl"])


main(*sys.argv[1:])
