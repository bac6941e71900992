// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/response_home.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/keyed_find.h"
#include "gateway/pipeline/tenant.h"
#include "gateway/routing/plan_nodes.h"
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/take_chars.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;
using state::KeyedStore;

namespace {

constexpr Duration patience = std::chrono::seconds {2};
constexpr std::chrono::days keptFor {30}; // as OpenAI keeps responses; longer is no use
constexpr std::size_t longestId = 256;
constexpr std::string_view previousResponse = "previous_response_id";

/// Where a response is.
struct Home
{
    std::string provider;   ///< its id, stable over edits
    std::string credential; ///< its name
    std::string model;
    bool unbilled = false;
};

std::string written(const Home &home)
{
    std::string out;
    wire::JsonWriter(out).object().textMember("provider", home.provider).textMember("credential", home.credential).textMember("model", home.model).member("unbilled", home.unbilled).endObject();
    return out;
}

std::optional<Home> read(std::string_view text)
{
    wire::Chars provider, credential, model;
    bool unbilled = false;
    wire::JsonCursor in(text);
    const bool whole = in.members([&](std::string_view key) {
        if (key == "provider")
            return wire::takeChars(in, provider);
        if (key == "credential")
            return wire::takeChars(in, credential);
        if (key == "model")
            return wire::takeChars(in, model);
        if (key != "unbilled")
            return in.skip();
        unbilled = in.boolean().value_or(false);
        return true;
    });
    if (!whole)
        return std::nullopt;
    return Home {.provider = wire::unescapeJson(provider.raw), .credential = wire::unescapeJson(credential.raw), .model = wire::unescapeJson(model.raw), .unbilled = unbilled};
}

KeyedStore::Key keyOf(const Exchange &x, std::string_view id)
{
    return x.worker.services.keyHasher.hash(pipeline::tenantOf(x).append("response").append(1, '\0').append(id));
}

/// Now, and with the call's record for later.
void keep(Exchange &x, std::string_view id, const Home &home)
{
    std::string value = written(home);
    const KeyedStore::Key key = keyOf(x, id);
    x.worker.services.responses.put(key, value, x.now());
    x.record.keepsakes.push_back({.key = key, .value = std::move(value), .until = x.worker.clock.wallNow() + keptFor});
}

Home homeOf(const AttemptBook &book, bool unbilled)
{
    return {.provider = book.provider().id, .credential = book.credential().name, .model = std::string(book.model()), .unbilled = unbilled};
}

/// A top-level member that is true, or false.
bool says(const Exchange &x, std::string_view name, std::string_view value)
{
    const wire::Member *member = x.scan.find(name);
    return member && member->value.in(x.scan.body) == value;
}

/// The response that the call goes on with, or is about; empty: none.
std::string wantedId(const Exchange &x)
{
    if (x.stored)
        return x.stored->id;
    const wire::Member *member = x.scan.find(previousResponse);
    const std::string_view value = member ? member->value.in(x.scan.body) : std::string_view();
    return value.size() > 2 && value.front() == '"' ? wire::unescapeJson(value.substr(1, value.size() - 2)) : std::string();
}

std::string shown(std::string_view id)
{
    return toValidUtf8(truncatedUtf8(id, 100));
}

Task<void> refuse(Exchange &x, std::string message, std::string code)
{
    Error error {.code = x.stored ? ErrorCode::NotFound : ErrorCode::BadRequest, .message = std::move(message), .where = std::string(x.stored ? "response_id" : previousResponse)};
    const int status = wire::callerStatus(error.code);
    const wire::UpstreamError words {.code = error.code, .httpStatus = status, .message = error.message, .type = "invalid_request_error", .providerCode = std::move(code), .param = error.where};
    std::string body = wire::errorBody(words, x.format);
    co_await x.refuse(std::move(error), status, std::move(body));
}

/// The target with that credential alone; with all of them where it has gone: another of the same account will do.
routing::Node withCredential(const routing::Target &target, std::string_view credential)
{
    auto own = std::make_shared<routing::Target>(target);
    const auto other = [credential](const routing::CredentialRef &each) { return each.name != credential; };
    if (!std::ranges::all_of(own->credentials, other))
        std::erase_if(own->credentials, other);
    return {.value = std::shared_ptr<const routing::Target>(std::move(own))};
}

/// Leads to the response's home alone: by those targets of the call's route that are there, and for a stored one past all
/// routes. Null: nothing does.
std::shared_ptr<const routing::Plan> planTo(const Exchange &x, const Home &home)
{
    const auto &all = x.config->providers;
    const auto provider = std::ranges::find(all, home.provider, &pipeline::CompiledProvider::id);
    if (provider == all.end() || (x.stored && !provider->passthrough))
        return nullptr;
    const auto index = static_cast<std::uint32_t>(provider - all.begin());
    const routing::Plan &from = x.stored ? *provider->passthrough : *x.plan;
    routing::Fallback chain;
    for (const routing::Target *target : routing::targetsOf(from.root)) {
        if (target->provider == index)
            chain.children.push_back(withCredential(*target, home.credential));
    }
    if (chain.children.empty())
        return nullptr;
    auto plan = std::make_shared<routing::Plan>();
    plan->fallbackOn = from.fallbackOn;
    plan->fallbackOnContentPolicy = from.fallbackOnContentPolicy;
    plan->root = {.value = std::move(chain)};
    return plan;
}

/// Why no plan leads there.
std::string whyNot(const Exchange &x, const Home &home)
{
    const auto provider = std::ranges::find(x.config->providers, home.provider, &pipeline::CompiledProvider::id);
    if (provider == x.config->providers.end())
        return "is kept by a provider that is here no longer";
    return fmt::format("is kept by the provider \"{}\", {}", provider->name, x.stored ? "which is switched off or has no credential" : "to which the model that was asked for does not lead");
}

} // namespace

Task<bool> goHome(Exchange &x)
{
    const std::string id = wantedId(x);
    if (id.empty())
        co_return true;
    std::vector<KeyedStore::Key> keys {keyOf(x, id.substr(0, longestId))};
    const auto values = co_await pipeline::findValues(x.worker, x.worker.services.responses, std::move(keys), patience, x.cancel);
    if (!values) {
        Error error {.code = ErrorCode::StoreUnavailable, .message = fmt::format("Where the response \"{}\" is could not be looked up in the call log's file. Try again.", shown(id))};
        co_await x.refuse(std::move(error));
        co_return false;
    }
    const std::optional<Home> home = values->front().empty() ? std::nullopt : read(values->front());
    if (!home) {
        co_await refuse(x, fmt::format("There is no response \"{}\" that this key's team has made here. Responses are kept for 30 days, by providers that speak the Responses API, unless \"store\" was false.", shown(id)),
                        x.stored ? "not_found" : "previous_response_not_found");
        co_return false;
    }
    std::shared_ptr<const routing::Plan> plan = planTo(x, *home);
    if (!plan) {
        co_await refuse(x, fmt::format("The response \"{}\" {}.", shown(id), whyNot(x, *home)), "provider_gone");
        co_return false;
    }
    x.plan = std::move(plan);
    if (x.stored) {
        x.stored->unbilled = home->unbilled;
        x.star = home->model;
        x.record.askedModel = home->model;
    }
    co_return true;
}

void noteHome(Exchange &x, const AttemptBook &book, std::string_view id)
{
    if (!id.empty() && id.size() <= longestId && !x.stored && !says(x, "store", "false"))
        keep(x, id, homeOf(book, says(x, "background", "true")));
}

void noteBilled(Exchange &x, const AttemptBook &book, std::string_view id)
{
    if (x.stored ? x.stored->unbilled : says(x, "background", "true"))
        keep(x, id, homeOf(book, false));
}

void noteAnswer(Exchange &x, const AttemptBook &book, const std::optional<TokenUsage> &usage)
{
    if (x.request.method == "DELETE") {
        const KeyedStore::Key key = keyOf(x, x.stored->id);
        x.worker.services.responses.remove(key);
        x.record.keepsakes.push_back({.key = key});
    } else if (usage && usage->total() > 0) {
        noteBilled(x, book, x.stored->id);
    }
}

} // namespace gateway::stages
