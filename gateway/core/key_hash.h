// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {

/// The keyed hash (BLAKE2b, 32 bytes) under which virtual keys are stored: without the installation's own key, a stolen
/// database lets nobody try secrets against it. Thread-safe, about 0.3 us.
class KeyHasher
{
public:
    using Digest = std::array<std::byte, 32>;
    using Key = std::array<std::byte, 32>;

    explicit KeyHasher(const Key &installationKey) : m_key(installationKey) {}
    [[nodiscard]] Digest hash(std::string_view secret) const;
    [[nodiscard]] std::string hashHex(std::string_view secret) const;

    /// Whether two secrets are the same, in time that does not depend on where they differ.
    [[nodiscard]] bool same(std::string_view a, std::string_view b) const { return equal(hash(a), hash(b)); }
    /// Compares in constant time.
    static bool equal(const Digest &a, const Digest &b);
    /// From 64 hexadecimal digits; false where the text is no digest.
    static bool parse(std::string_view hex, Digest &out);

private:
    Key m_key;
};

/// A new virtual key's secret: "sb-" and 32 characters from the system's random source.
std::string newKeySecret();

/// The part of a secret that may be shown: "sb-rW2k".
std::string keyPrefix(std::string_view secret);

} // namespace gateway
