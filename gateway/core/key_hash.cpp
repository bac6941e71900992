// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/key_hash.h"

#include "gateway/core/text.h"

#include <sodium.h>

namespace gateway {

namespace {

constexpr std::string_view secretLetters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789"; // no l, I, O: read aloud, typed by hand
constexpr std::size_t secretLength = 32;
constexpr std::size_t shownLength = 7;

} // namespace

KeyHasher::Digest KeyHasher::hash(std::string_view secret) const
{
    Digest digest;
    crypto_generichash(reinterpret_cast<unsigned char *>(digest.data()), digest.size(), reinterpret_cast<const unsigned char *>(secret.data()), secret.size(),
                       reinterpret_cast<const unsigned char *>(m_key.data()), m_key.size());
    return digest;
}

std::string KeyHasher::hashHex(std::string_view secret) const
{
    return toHex(hash(secret));
}

bool KeyHasher::equal(const Digest &a, const Digest &b)
{
    return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool KeyHasher::parse(std::string_view hex, Digest &out)
{
    std::size_t length = 0;
    return hex.size() == out.size() * 2
        && sodium_hex2bin(reinterpret_cast<unsigned char *>(out.data()), out.size(), hex.data(), hex.size(), nullptr, &length, nullptr) == 0
        && length == out.size();
}

std::string newKeySecret()
{
    std::string secret = "sb-";
    for (std::size_t i = 0; i < secretLength; ++i)
        secret += secretLetters[randombytes_uniform(secretLetters.size())];
    return secret;
}

std::string keyPrefix(std::string_view secret)
{
    return std::string(secret.substr(0, shownLength));
}

} // namespace gateway
