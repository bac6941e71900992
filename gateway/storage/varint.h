// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>

/// Whole numbers in as few bytes as they need, seven bits a byte, low ones first: how blobs of the call log are written.
namespace gateway::storage {

inline void appendVarint(QByteArray &bytes, std::uint64_t value)
{
    while (value >= 0x80) {
        bytes.append(static_cast<char>((value & 0x7f) | 0x80));
        value >>= 7;
    }
    bytes.append(static_cast<char>(value));
}

/// @return false: the bytes end before the number does
inline bool readVarint(const QByteArray &bytes, qsizetype &at, std::uint64_t &value)
{
    value = 0;
    for (int shift = 0; at < bytes.size() && shift < 64; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes[at++]);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

} // namespace gateway::storage
