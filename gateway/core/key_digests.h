// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/key_hash.h"

#include <array>
#include <cstddef>
#include <vector>

namespace gateway {

/// Digests of the secrets that were presented lately: programs send the same one with each call, and hashing it each time
/// cost more than all the rest of knowing it again. What is kept beside a digest is no secret but its mark, a SipHash of
/// 128 bits under a key that no other process and no file has: nobody can make a text with the mark of another. Not
/// thread-safe: one for each worker.
class KeyDigests
{
public:
    /// @param hasher  outlives it
    explicit KeyDigests(const KeyHasher &hasher);
    /// As hasher.hash(secret).
    [[nodiscard]] KeyHasher::Digest of(std::string_view secret);

private:
    using Mark = std::array<std::byte, 16>;
    struct Known
    {
        Mark mark {};
        KeyHasher::Digest digest {};
        bool filled = false;
    };
    static constexpr std::size_t places = 256; ///< a secret has one, and shares it with others

    const KeyHasher &m_hasher;
    Mark m_key {};
    std::vector<Known> m_known;
};

} // namespace gateway
