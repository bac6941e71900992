// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/admin_api.h"

#include "gateway/admin/answers.h"
#include "gateway/admin/litellm/errors.h"
#include "gateway/config/names.h"
#include "gateway/core/text.h"
#include "gateway/wire/percent.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace gateway::admin {

namespace {

constexpr int tooManyRequests = 429;

/// "a=b&c=d", decoded; of equal names the first counts.
std::map<std::string, std::string, std::less<>> fieldsOf(std::string_view query)
{
    std::map<std::string, std::string, std::less<>> fields;
    while (!query.empty()) {
        const std::string_view field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), field.size() + 1));
        const std::size_t equals = std::min(field.find('='), field.size());
        std::string value(field.substr(std::min(field.size(), equals + 1)));
        std::ranges::replace(value, '+', ' ');
        fields.try_emplace(wire::percentDecoded(field.substr(0, equals)), wire::percentDecoded(value));
    }
    return fields;
}

/// An answer would repeat it, and with it whoever shows or keeps answers.
bool isInAddress(std::string_view secret, const pipeline::AdminRequest &request)
{
    return wire::percentDecoded(request.path).find(secret) != std::string::npos || wire::percentDecoded(request.query).find(secret) != std::string::npos;
}

/// A misspelt option must not be passed over in silence: a filter that does not filter shows what nobody asked for.
std::optional<Error> unknownField(const Endpoint &endpoint, const std::map<std::string, std::string, std::less<>> &fields)
{
    for (const auto &[name, value] : fields) {
        if (std::ranges::find(endpoint.query, name) != endpoint.query.end())
            continue;
        const std::string_view near = nearestName(name, endpoint.query);
        return Error {.code = ErrorCode::BadRequest,
                      .message = fmt::format("{} does not take {}{}.", endpoint.path, jsonQuoted(truncatedUtf8(name, 40)), near.empty() ? "" : fmt::format("; did you mean {}?", near)),
                      .where = name};
    }
    return std::nullopt;
}

} // namespace

AdminApi::AdminApi(api::Gateway &gateway, std::shared_ptr<AdminInbox> inbox, const std::string &owner, QObject *parent)
    : QObject(parent), m_gateway(gateway), m_inbox(std::move(inbox)), m_tokens(owner, gateway, m_clock)
{
    m_inbox->open(m_jobs, [this](pipeline::AdminRequest request, Done done) { take(std::move(request), std::move(done)); });
}

AdminApi::~AdminApi()
{
    m_inbox->close();
}

void AdminApi::take(pipeline::AdminRequest request, Done done)
{
    if (litellm::isManagementPath(request.path))
        done = [path = request.path, done = std::move(done)](pipeline::AdminReply reply) { done(litellm::inItsShape(std::move(reply), path)); };
    const auto bearer = m_tokens.check(request.authorization, request.peer);
    if (!bearer) {
        const bool slowed = bearer.error().code == ErrorCode::Busy;
        pipeline::AdminReply refused = refusal(bearer.error(), slowed ? tooManyRequests : 0);
        if (refused.status == 401)
            refused.headers = "www-authenticate: Bearer\r\n";
        if (slowed)
            refused.headers = fmt::format("retry-after: {}\r\n", std::chrono::duration_cast<std::chrono::seconds>(AdminTokens::slowFor).count());
        return done(std::move(refused));
    }
    if (isInAddress(AdminTokens::secretIn(request.authorization), request))
        return done(refusal({.code = ErrorCode::BadRequest, .message = "The admin token stands in the address too, where logs keep it. Send it in Authorization alone, and give it a new secret."}));
    Match found = match(request.method, request.path);
    if (!found.endpoint) {
        if (found.allow.empty())
            return done(refusal({.code = ErrorCode::UnknownPath, .message = fmt::format("There is nothing at {}. GET /admin/v1/openapi.json lists what is.", truncatedUtf8(request.path, 200))}));
        pipeline::AdminReply refused = refusal({.code = ErrorCode::MethodNotAllowed, .message = fmt::format("{} does not take {}; it takes {}.", truncatedUtf8(request.path, 200), request.method, found.allow)});
        refused.headers = fmt::format("allow: {}\r\n", found.allow);
        return done(std::move(refused));
    }
    if (bearer->role < found.endpoint->least)
        return done(refusal({.code = ErrorCode::NotPermitted,
                             .message = fmt::format("The token {} has the role {}; {} {} wants {}.", bearer->name, toText(bearer->role), request.method, found.endpoint->path, toText(found.endpoint->least))}));
    auto fields = fieldsOf(request.query);
    if (const auto unknown = unknownField(*found.endpoint, fields))
        return done(refusal(*unknown));
    // Each request has a context of its own: the facade answers only the newest question of one.
    auto *context = new QObject(this);
    Ask ask {.gateway = m_gateway,
             .context = context,
             .author = fmt::format("admin:{}", bearer->name),
             .from = request.peer,
             .role = bearer->role,
             .arguments = std::move(found.arguments),
             .query = std::move(fields),
             .ifMatch = std::move(request.ifMatch),
             .body = std::move(request.body)};
    found.endpoint->handler(std::move(ask), [context, done = std::move(done)](pipeline::AdminReply reply) {
        context->deleteLater();
        done(std::move(reply));
    });
}

} // namespace gateway::admin
