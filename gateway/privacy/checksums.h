// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// Check digits and checksums that several detectors share. Pure; digits are '0' to '9' alone.
namespace gateway::privacy {

[[nodiscard]] bool passesLuhn(std::string_view digits);     ///< ISO/IEC 7812-1, annex B
[[nodiscard]] bool passesVerhoeff(std::string_view digits); ///< the dihedral group D5, as Aadhaar has it
/// ISO/IEC 7064 MOD 97-10 over an upper-case IBAN, its first four characters taken to the end (ISO 13616).
[[nodiscard]] bool passesIban(std::string_view iban);
/// ISO/IEC 7064 MOD 11,10: the last digit checks the ones before it.
[[nodiscard]] bool passesMod11_10(std::string_view digits);
/// The sum of each digit times its weight; as many as there are weights.
[[nodiscard]] int weightedSum(std::string_view digits, std::span<const int> weights);
/// The remainder of a number with any count of digits.
[[nodiscard]] int remainderOf(std::string_view digits, int divisor);
/// Whether all digits are one and the same.
[[nodiscard]] bool allSame(std::string_view digits);

/// Base58 with a double SHA-256 as checksum (Bitcoin's addresses). The first byte of what it encodes; -1: it is none, or
/// not of `size` bytes.
[[nodiscard]] int base58CheckVersion(std::string_view text, std::size_t size);
/// BIP 173 and BIP 350, in either case but not in both.
[[nodiscard]] bool passesBech32(std::string_view text);
/// Whether 40 hexadecimal digits have the case that EIP-55 gives them.
[[nodiscard]] bool passesEip55(std::string_view hex);

/// Bits of information for each byte, from how often each value occurs: 0 for "aaaa", about 4 for random hexadecimal.
[[nodiscard]] double entropyOf(std::string_view text);

} // namespace gateway::privacy
