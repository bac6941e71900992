// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/text.h"
#include "gateway/storage/key_source.h"

#include <fmt/format.h>

#include <sodium.h>
#include <span>

namespace gateway::storage {

MasterKey::~MasterKey()
{
    sodium_memzero(m_bytes.data(), m_bytes.size());
}

MasterKey MasterKey::random()
{
    MasterKey key;
    randombytes_buf(key.m_bytes.data(), key.m_bytes.size());
    return key;
}

std::string MasterKey::toHex() const
{
    return gateway::toHex(std::as_bytes(std::span(m_bytes)));
}

Result<MasterKey> MasterKey::fromHex(std::string_view text, const std::string &where)
{
    MasterKey key;
    std::size_t length = 0;
    const std::string_view digits = trimmed(text);
    if (digits.size() != size * 2 || sodium_hex2bin(key.data(), size, digits.data(), digits.size(), nullptr, &length, nullptr) != 0 || length != size)
        return fail(ErrorCode::Invalid, fmt::format("The master key in {} is not 64 hexadecimal digits. Put the right one back from your backup; Signalbox does not overwrite it.", where), where);
    return key;
}

} // namespace gateway::storage
