// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>
#include <string_view>
#include <vector>

/// Entries of the configuration as a path names them.
namespace gateway::admin {

/// By id, else by name; the end where there is none.
template <typename Entries>
auto findEntry(Entries &entries, std::string_view asked)
{
    using Entry = std::ranges::range_value_t<Entries>;
    const auto byId = std::ranges::find(entries, asked, &Entry::id);
    return byId != entries.end() ? byId : std::ranges::find(entries, asked, &Entry::name);
}

/// The key that has the secret of that hash (Gateway::secretHash()) now, compared in constant time; null: none has.
inline const config::VirtualKey *findKeyBySecret(const config::Config &config, const KeyHasher::Digest &digest)
{
    const auto found = std::ranges::find_if(config.keys, [&](const config::VirtualKey &key) {
        KeyHasher::Digest known {};
        return KeyHasher::parse(key.hash, known) && KeyHasher::equal(known, digest);
    });
    return found == config.keys.end() ? nullptr : &*found;
}

/// @param kind  "route"
template <typename Entries>
Error noSuchEntry(std::string_view kind, std::string_view asked, const Entries &entries)
{
    std::vector<std::string_view> names;
    for (const auto &entry : entries)
        names.emplace_back(entry.name);
    const std::string_view near = nearestName(asked, names);
    return {.code = ErrorCode::NotFound,
            .message = fmt::format("There is no {} {}.{}", kind, jsonQuoted(truncatedUtf8(asked, 80)), near.empty() ? "" : fmt::format(" Did you mean {}?", jsonQuoted(near)))};
}

} // namespace gateway::admin
