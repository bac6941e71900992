// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"

#include "gateway/privacy/characters.h"

#include <array>
#include <cmath>
#include <sodium.h>

namespace gateway::privacy {

bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool twice = false;
    for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
        const int value = valueOf(digits[i]);
        sum += !twice ? value : value > 4 ? 2 * value - 9 : 2 * value;
    }
    return sum % 10 == 0;
}

bool passesVerhoeff(std::string_view digits)
{
    static constexpr int product[10][10] {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                          {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1}, {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                          {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
    static constexpr int turn[8][10] {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
                                      {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1}, {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
    int check = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        check = product[check][turn[i % 8][valueOf(digits[digits.size() - 1 - i])]];
    return check == 0;
}

bool passesIban(std::string_view iban)
{
    int remainder = 0;
    for (std::size_t i = 0; i < iban.size(); ++i) {
        const char c = iban[(i + 4) % iban.size()];
        remainder = isDigit(c) ? (remainder * 10 + valueOf(c)) % 97 : (remainder * 100 + (c - 'A' + 10)) % 97;
    }
    return remainder == 1;
}

bool passesMod11_10(std::string_view digits)
{
    int product = 10;
    for (const char digit : digits.substr(0, digits.size() - 1)) {
        const int sum = (valueOf(digit) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == valueOf(digits.back());
}

int weightedSum(std::string_view digits, std::span<const int> weights)
{
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += valueOf(digits[i]) * weights[i];
    return sum;
}

int remainderOf(std::string_view digits, int divisor)
{
    int remainder = 0;
    for (const char digit : digits)
        remainder = (remainder * 10 + valueOf(digit)) % divisor;
    return remainder;
}

bool allSame(std::string_view digits)
{
    return digits.find_first_not_of(digits.front()) == std::string_view::npos;
}

int base58CheckVersion(std::string_view text, std::size_t size)
{
    static constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    std::array<unsigned char, 64> bytes {};
    if (size > bytes.size())
        return -1;
    for (const char c : text) {
        const std::size_t digit = alphabet.find(c);
        if (digit == std::string_view::npos)
            return -1;
        std::size_t carry = digit;
        for (std::size_t i = size; i-- > 0;) {
            carry += std::size_t {58} * bytes[i];
            bytes[i] = static_cast<unsigned char>(carry);
            carry >>= 8;
        }
        if (carry != 0)
            return -1;
    }
    std::array<unsigned char, crypto_hash_sha256_BYTES> once {}, hash {};
    crypto_hash_sha256(once.data(), bytes.data(), size - 4);
    crypto_hash_sha256(hash.data(), once.data(), once.size());
    for (std::size_t i = 0; i < 4; ++i) {
        if (bytes[size - 4 + i] != hash[i])
            return -1;
    }
    return bytes[0];
}

bool passesBech32(std::string_view text)
{
    static constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    static constexpr std::array<std::uint32_t, 5> generator {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const std::size_t one = text.rfind('1');
    bool anyUpper = false, anyLower = false;
    for (const char c : text) {
        anyUpper = anyUpper || isUpper(c);
        anyLower = anyLower || isLower(c);
    }
    if (one == std::string_view::npos || one == 0 || one + 7 > text.size() || text.size() > 90 || (anyUpper && anyLower))
        return false;
    std::uint32_t check = 1;
    const auto step = [&](std::uint32_t value) {
        const std::uint32_t top = check >> 25;
        check = (check & 0x1ffffff) << 5 ^ value;
        for (std::size_t i = 0; i < generator.size(); ++i)
            check ^= (top >> i & 1) != 0 ? generator[i] : 0;
    };
    for (std::size_t i = 0; i < one; ++i)
        step(static_cast<std::uint32_t>(lower(text[i])) >> 5);
    step(0);
    for (std::size_t i = 0; i < one; ++i)
        step(static_cast<std::uint32_t>(lower(text[i])) & 31);
    for (std::size_t i = one + 1; i < text.size(); ++i) {
        const std::size_t value = alphabet.find(lower(text[i]));
        if (value == std::string_view::npos)
            return false;
        step(static_cast<std::uint32_t>(value));
    }
    return check == 1 || check == 0x2bc830a3;
}

namespace {

/// Keccak-f[1600] (FIPS 202, 3.2), for Ethereum's Keccak-256, which pads otherwise than SHA3-256.
void keccakF(std::array<std::uint64_t, 25> &a)
{
    static constexpr std::array<std::uint64_t, 24> rounds {
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
    static constexpr std::array<int, 24> turns {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
    static constexpr std::array<std::size_t, 24> lanes {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};
    const auto turned = [](std::uint64_t value, int by) { return value << by | value >> (64 - by); };
    for (const std::uint64_t round : rounds) {
        std::array<std::uint64_t, 5> column {};
        for (std::size_t x = 0; x < 5; ++x)
            column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (std::size_t i = 0; i < 25; ++i)
            a[i] ^= column[(i + 4) % 5] ^ turned(column[(i + 1) % 5], 1);
        std::uint64_t last = a[1];
        for (std::size_t i = 0; i < 24; ++i) {
            const std::uint64_t next = a[lanes[i]];
            a[lanes[i]] = turned(last, turns[i]);
            last = next;
        }
        for (std::size_t y = 0; y < 25; y += 5) {
            const std::array<std::uint64_t, 5> row {a[y], a[y + 1], a[y + 2], a[y + 3], a[y + 4]};
            for (std::size_t x = 0; x < 5; ++x)
                a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
        a[0] ^= round;
    }
}

/// @param text  shorter than one block of 136 bytes
std::array<std::uint64_t, 25> keccak256(std::string_view text)
{
    std::array<std::uint64_t, 25> state {};
    const auto put = [&](std::size_t place, unsigned char byte) { state[place / 8] ^= static_cast<std::uint64_t>(byte) << 8 * (place % 8); };
    for (std::size_t i = 0; i < text.size(); ++i)
        put(i, static_cast<unsigned char>(text[i]));
    put(text.size(), 0x01);
    put(135, 0x80);
    keccakF(state);
    return state;
}

} // namespace

bool passesEip55(std::string_view hex)
{
    std::array<char, 40> lowered {};
    for (std::size_t i = 0; i < lowered.size(); ++i)
        lowered[i] = lower(hex[i]);
    const auto hash = keccak256({lowered.data(), lowered.size()});
    for (std::size_t i = 0; i < lowered.size(); ++i) {
        const auto byte = static_cast<unsigned>(hash[i / 16] >> 8 * (i / 2 % 8)) & 0xff;
        const unsigned nibble = i % 2 == 0 ? byte >> 4 : byte & 15;
        if (!isDigit(hex[i]) && isUpper(hex[i]) != (nibble >= 8))
            return false;
    }
    return true;
}

double entropyOf(std::string_view text)
{
    std::array<int, 256> counts {};
    for (const char c : text)
        ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    for (const int count : counts) {
        if (count > 0) {
            const double share = static_cast<double>(count) / static_cast<double>(text.size());
            bits -= share * std::log2(share);
        }
    }
    return bits;
}

} // namespace gateway::privacy
