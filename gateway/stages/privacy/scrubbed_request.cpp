// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/privacy/scrubbed_request.h"

#include "gateway/wire/multipart.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

Result<> putBody(pipeline::Exchange &x, std::string body)
{
    body.reserve(body.size() + pipeline::bodyPadding);
    if (x.endpoint == Endpoint::Passthrough || x.stored) {
        x.filledBody = std::move(body);
        return {};
    }
    const bool stream = x.scan.stream, isForm = x.scan.isForm;
    x.scan = {}; // it lies in the body of before
    x.filledBody = std::move(body);
    auto scan = isForm ? wire::scanMultipart(x.filledBody, contentTypeOf(x), x.pathModel) : wire::scanRequest(x.filledBody, x.endpoint, x.pathModel);
    if (!scan)
        return fail(ErrorCode::Internal, fmt::format("The request could not be read again as its privacy policy lets it on: {}", scan.error().message));
    x.scan = std::move(*scan);
    x.scan.stream = stream;
    x.facts.model = x.scan.model;
    x.facts.inputTokens = x.promptTokens = wire::estimateTokens(x.scan.prompt);
    return {};
}

} // namespace gateway::stages
