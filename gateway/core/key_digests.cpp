// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/key_digests.h"

#include <sodium.h>

namespace gateway {

KeyDigests::KeyDigests(const KeyHasher &hasher) : m_hasher(hasher), m_known(places)
{
    static_assert(sizeof m_key == crypto_shorthash_siphashx24_KEYBYTES && sizeof(Mark) == crypto_shorthash_siphashx24_BYTES);
    randombytes_buf(m_key.data(), m_key.size());
}

KeyHasher::Digest KeyDigests::of(std::string_view secret)
{
    Mark mark;
    crypto_shorthash_siphashx24(reinterpret_cast<unsigned char *>(mark.data()), reinterpret_cast<const unsigned char *>(secret.data()), secret.size(),
                                reinterpret_cast<const unsigned char *>(m_key.data()));
    Known &known = m_known[static_cast<std::size_t>(mark[0])];
    if (!known.filled || sodium_memcmp(known.mark.data(), mark.data(), mark.size()) != 0)
        known = {.mark = mark, .digest = m_hasher.hash(secret), .filled = true};
    return known.digest;
}

} // namespace gateway
