// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <algorithm>
#include <array>

/// Addresses of crypto currencies by their checksums: base58check (Bitcoin, Litecoin, Dogecoin, Dash, Zcash, Tron), bech32
/// and bech32m (BIP 173, BIP 350), and Ethereum's, with EIP-55's case where they have both.
namespace gateway::privacy {

namespace {

constexpr std::size_t base58Size = 25;
constexpr std::array<int, 12> versions {0x00, 0x05, 0x6f, 0xc4, 0x30, 0x32, 0x1e, 0x16, 0x4c, 0x10, 0x41, 0x3a};
constexpr std::array<std::string_view, 9> bech32Prefixes {"bc1", "tb1", "ltc1", "addr1", "cosmos1", "osmo1", "bnb1", "terra1", "inj1"};

bool isEthereum(std::string_view word)
{
    if (word.size() != 42 || word[0] != '0' || lower(word[1]) != 'x')
        return false;
    const std::string_view hex = word.substr(2);
    if (!std::ranges::all_of(hex, isHex))
        return false;
    const bool anyUpper = std::ranges::any_of(hex, isUpper), anyLower = std::ranges::any_of(hex, isLower);
    return anyUpper && anyLower ? passesEip55(hex) : !allSame(hex);
}

bool startsAsBech32(std::string_view word)
{
    return std::ranges::any_of(bech32Prefixes, [&](std::string_view prefix) { return equalsIgnoringCase(word.substr(0, prefix.size()), prefix); });
}

void find(const Clue &clue, Findings &found)
{
    const std::string_view word = clue.what();
    if (word.size() < 25 || word.size() > 110 || !opens(clue.text, clue.from) || !closes(clue.text, clue.to))
        return;
    if (isEthereum(word))
        found.add(clue.from, clue.to, 0.85);
    else if (startsAsBech32(word) && passesBech32(word))
        found.add(clue.from, clue.to, 0.97);
    else if (word.size() <= 36 && std::ranges::find(versions, base58CheckVersion(word, base58Size)) != versions.end())
        found.add(clue.from, clue.to, 0.97);
}

} // namespace

const Detector cryptoWallet {.name = "crypto_wallet", .label = "CRYPTO_WALLET", .title = "Crypto wallet address", .wake = OnWord, .find = find};

} // namespace gateway::privacy
