// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/models/models_stage.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/stages/models/model_listing.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Verdict;

namespace {

bool asksForDetails(std::string_view query)
{
    while (!query.empty()) {
        const auto end = query.find('&');
        if (query.substr(0, end) == "format=detailed")
            return true;
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    }
    return false;
}

Verdict oneModel(Exchange &x, bool detailed)
{
    const auto match = x.config->findRoute(x.pathArgument);
    if (!match)
        return Verdict::refuse({.code = ErrorCode::UnknownModel,
                                .message = fmt::format("There is no model \"{}\" here.", toValidUtf8(truncatedUtf8(x.pathArgument, 100))),
                                .where = "model"});
    if (x.key && !x.key->allows(x.pathArgument, match->route->name))
        return Verdict::refuse({.code = ErrorCode::ModelNotAllowed,
                                .message = fmt::format("The key \"{}\" may not use the model \"{}\".", x.key->name, toValidUtf8(truncatedUtf8(x.pathArgument, 100))),
                                .where = "model"});
    return Verdict::reply({.body = modelJson(*x.config, {.id = x.pathArgument, .route = match->route, .star = std::string(match->star)}, detailed)});
}

} // namespace

Verdict ModelsStage::onRequest(Exchange &x)
{
    if (x.record.endpoint != Endpoint::Models)
        return Verdict::proceed();
    const bool detailed = asksForDetails(x.request.query);
    if (!x.pathArgument.empty())
        return oneModel(x, detailed);
    std::string body = R"({"object":"list","data":[)";
    std::string_view separator;
    for (const ListedModel &model : listModels(*x.config, x.key, m_services.modelLists)) {
        body.append(separator).append(modelJson(*x.config, model, detailed));
        separator = ",";
    }
    body += "]}";
    return Verdict::reply({.body = std::move(body)});
}

} // namespace gateway::stages
