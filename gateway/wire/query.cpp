// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/query.h"

#include "gateway/wire/percent.h"

#include <algorithm>

namespace gateway::wire {
namespace {

std::string_view takePair(std::string_view &query)
{
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    return pair;
}

std::string decoded(std::string_view text)
{
    std::string plain(text);
    std::ranges::replace(plain, '+', ' ');
    return percentDecoded(plain);
}

} // namespace

std::optional<std::string> queryParameter(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        const std::string_view pair = takePair(query);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (decoded(pair.substr(0, equals)) == name)
            return decoded(pair.substr(std::min(equals + 1, pair.size())));
    }
    return std::nullopt;
}

std::string withoutParameters(std::string_view query, std::span<const std::string_view> names)
{
    std::string kept;
    while (!query.empty()) {
        const std::string_view pair = takePair(query);
        if (std::ranges::find(names, decoded(pair.substr(0, pair.find('=')))) == names.end())
            kept.append(kept.empty() ? "" : "&").append(pair);
    }
    return kept;
}

} // namespace gateway::wire
