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

/// An answer would repeat it, and with it whoever shows or keeps answers.
bool isInAddress(std::string_view secret, const pipeline::AdminRequest &request)
{
    return wire::percentDecoded(request.path).find(secret) != std::string::npos || wire::percentDecoded(request.query).find(secret) != std::string::npos;
}

/// The answer, after which its context is not needed.
Done ending(QObject *context, Done done)
{
    return [context, done = std::move(done)](pipeline::AdminReply reply) {
        context->deleteLater();
        done(std::move(reply));
    };
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
    if (!request.keyId.empty()) {
        auto *context = new QObject(this);
        const auto answer = request.path.ends_with("/v1/calls") || request.path.find("/v1/calls/") != std::string::npos ? askForOwnCalls : takeFeedback;
        return answer({.gateway = m_gateway, .context = context, .author = {}}, request, ending(context, std::move(done)));
    }
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
    auto fields = queryFields(request.query);
    if (const auto unknown = unknownField(*found.endpoint, found.endpoint->path, fields))
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
             .body = std::move(request.body),
             .rules = &m_rules};
    found.endpoint->handler(std::move(ask), ending(context, std::move(done)));
}

} // namespace gateway::admin
