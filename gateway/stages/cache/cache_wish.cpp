// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/cache_wish.h"

#include "gateway/pipeline/exchange.h"

#include <nlohmann/json.hpp>

namespace gateway::stages {

namespace {

constexpr std::string_view header = "x-signalbox-cache";

/// A member that is there and says neither false nor null.
bool says(const wire::RequestScan &scan, std::string_view name)
{
    const wire::Member *member = scan.find(name);
    return member && member->value.in(scan.body) != "false";
}

} // namespace

bool hasCacheWish(const pipeline::Exchange &x)
{
    return findHeader(x.request.headers, header) || !x.scan.signalbox.empty();
}

Result<CacheControl> cacheWishOf(const pipeline::Exchange &x)
{
    if (const auto value = findHeader(x.request.headers, header))
        return parseCacheControl(*value);
    if (x.scan.signalbox.empty())
        return CacheControl {};
    const auto object = nlohmann::json::parse(x.scan.signalbox.in(x.scan.body), nullptr, false);
    const auto member = object.is_object() ? object.find("cache") : object.end();
    if (!object.is_object() || member == object.end() || member->is_null())
        return CacheControl {};
    if (!member->is_string())
        return fail(ErrorCode::BadRequest, "signalbox.cache is a text, such as \"no-cache\" or \"ttl=60\".", "signalbox.cache");
    auto read = parseCacheControl(member->get<std::string>());
    if (!read)
        read.error().where = "signalbox.cache";
    return read;
}

bool isKeepable(const pipeline::Exchange &x)
{
    const wire::RequestScan &scan = x.scan;
    if (scan.isForm || x.stored)
        return false;
    switch (x.endpoint) {
    case Endpoint::ChatCompletions: return !says(scan, "store");
    case Endpoint::Completions:
    case Endpoint::Messages:
    case Endpoint::GenerateContent:
    case Endpoint::Embeddings:
    case Endpoint::Moderations:
    case Endpoint::Rerank: return true;
    case Endpoint::Responses: { // stored, unless it says otherwise
        const wire::Member *store = scan.find("store");
        return store && store->value.in(scan.body) == "false" && !says(scan, "previous_response_id") && !says(scan, "conversation") && !says(scan, "background");
    }
    default: return false;
    }
}

} // namespace gateway::stages
