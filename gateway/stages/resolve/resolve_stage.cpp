// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/resolve_stage.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/call_policy.h"
#include "gateway/pipeline/call_scopes.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/stages/resolve/call_facts.h"
#include "gateway/stages/resolve/call_options.h"
#include "gateway/stages/resolve/key_additions.h"
#include "gateway/stages/resolve/passthrough_choice.h"
#include "gateway/stages/resolve/plan_choice.h"
#include "gateway/stages/resolve/prompt_naming.h"
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/media_type.h"
#include "gateway/wire/multipart.h"
#include "gateway/wire/query.h"
#include "gateway/wire/request_defaults.h"
#include "gateway/wire/websocket/handshake.h"

#include <algorithm>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Verdict;

namespace {

constexpr std::size_t longestName = 200;

/// Other endpoints have no stream: the field travels on as it is.
bool mayStream(Endpoint endpoint)
{
    return endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Completions || endpoint == Endpoint::Messages || endpoint == Endpoint::Responses
        || endpoint == Endpoint::GenerateContent;
}

/// @param parameter  with its value
bool hasParameter(std::string_view query, std::string_view parameter)
{
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        if (query.substr(0, end) == parameter)
            return true;
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return false;
}

std::string kept(std::string_view text)
{
    return toValidUtf8(truncatedUtf8(text, longestName));
}

void note(Exchange &x, CallOptions options)
{
    x.record.stream = x.scan.stream;
    x.record.askedModel = kept(x.scan.model);
    x.record.metadata = withMetadataOf(x.key, std::move(options.metadata));
    x.record.tags = std::move(options.tags);
    x.record.session = std::move(options.session);
    x.record.customer = kept(pipeline::customerOf(x.config->quotas, options.customer, x.request.headers, x.scan.user));
    if (options.timeout)
        x.deadline = x.request.receivedAt + *options.timeout;
}

/// Views of the exchange's own, which outlives every decision.
routing::CallFacts factsOf(const Exchange &x)
{
    routing::CallFacts facts = callFacts(x.scan, x.endpoint);
    facts.headers = x.request.headers;
    facts.metadata = x.record.metadata;
    facts.tags = x.record.tags;
    facts.session = x.record.session;
    facts.customer = x.record.customer;
    facts.key = x.record.key;
    facts.team = x.record.team;
    facts.region = x.region;
    facts.at = x.record.startedAt;
    facts.calendar = x.config->calendar.get();
    return facts;
}

wire::CallerFormat formatOf(const pipeline::CompiledProvider &provider, std::string_view model)
{
    switch (provider.site->format(Endpoint::ChatCompletions, model)) {
    case wire::WireFormat::Anthropic: return wire::CallerFormat::Anthropic;
    case wire::WireFormat::Gemini: return wire::CallerFormat::Gemini;
    default: return wire::CallerFormat::OpenAi;
    }
}

/// A provider's own API: what is asked is the provider's business, who may ask for it is not.
Verdict resolvePassthrough(Exchange &x)
{
    const auto type = findHeader(x.request.headers, "content-type");
    if (wire::isText(type.value_or("application/json")) && pipeline::mayLogAsSent(x))
        x.capture.request(x.request.body);
    auto options = readCallOptions(x.request.headers, {});
    if (!options)
        return Verdict::refuse(std::move(options.error()));
    note(x, std::move(*options));
    auto choice = choosePassthrough(x.config, x.key, x.pathArgument, x.pathRest, x.request);
    if (!choice)
        return Verdict::refuse(std::move(choice.error()));
    x.format = formatOf(*choice->provider, choice->model);
    x.plan = std::move(choice->plan);
    x.star = std::move(choice->model);
    x.record.askedModel = kept(x.star);
    x.facts.outputTokens = 0; // nobody knows what such a call takes
    return Verdict::proceed();
}

/// 426 tells a client that this is a WebSocket, and of which version (RFC 6455 4.2.2).
Verdict askForUpgrade(const Exchange &x, Error error)
{
    std::string body = wire::errorBody(error, x.format);
    return Verdict::reply({.status = 426, .headers = "upgrade: websocket\r\nsec-websocket-version: 13\r\n", .body = std::move(body), .error = std::move(error)});
}

/// A WebSocket has no body: its query names the model.
Result<wire::RequestScan> scanQuery(Exchange &x)
{
    auto model = wire::queryParameter(x.request.query, "model");
    if (!model)
        model = wire::queryParameter(x.request.query, "deployment"); // Azure's clients
    if (!model || model->empty())
        model = std::string(defaultsOf(x.key, {}).model);
    if (model->empty())
        return fail(ErrorCode::BadRequest, "The query names no model: GET /v1/realtime?model=ROUTE. GET /v1/models lists those that this key may use.", "model");
    x.pathModel = std::move(*model);
    wire::RequestScan scan;
    scan.model = x.pathModel;
    return scan;
}

/// Where a call names a prompt beside its body: in its path, or in a header. Empty: nowhere.
std::string_view promptBesideBody(const Exchange &x)
{
    if (x.endpoint == Endpoint::ChatCompletions && !x.pathArgument.empty())
        return x.pathArgument;
    return promptInHeaders(x.request.headers);
}

Result<wire::RequestScan> scanBody(const Exchange &x, std::string_view body, std::string_view usualModel, wire::PromptNamed prompt = wire::PromptNamed::Nowhere)
{
    const std::string_view type = findHeader(x.request.headers, "content-type").value_or("");
    if (x.endpoint == Endpoint::Transcriptions || (x.endpoint == Endpoint::ImageEdits && wire::plainMediaType(type) == "multipart/form-data"))
        return wire::scanMultipart(body, type, x.pathModel, usualModel);
    return wire::scanRequest(body, x.endpoint, x.pathModel, usualModel, prompt);
}

/// With what the call's key sets where it says nothing.
Result<wire::RequestScan> filledByKey(Exchange &x, Result<wire::RequestScan> scan)
{
    const wire::RequestDefaults defaults = defaultsOf(x.key, x.pathModel);
    auto filled = scan && !defaults.empty() ? wire::withDefaults(*scan, x.endpoint, defaults) : std::nullopt;
    if (!filled)
        return scan;
    x.filledBody = std::move(*filled);
    return scanBody(x, x.filledBody, {});
}

/// What a prompt's version makes of the call is what it asks.
void take(Exchange &x, pipeline::ExpandedPrompt expanded)
{
    if (!x.pathModel.empty() && !expanded.model.empty())
        x.pathModel = std::move(expanded.model);
    x.filledBody = std::move(expanded.body);
    x.record.prompt = std::move(expanded.reference);
    x.record.losses = std::move(expanded.losses);
    x.lostBefore = x.record.losses.size();
}

/// The request as it is logged where no privacy policy has a say.
void capture(Exchange &x)
{
    x.capture.request(x.record.prompt.empty() ? x.request.body : std::string_view(x.filledBody));
}

/// Of a response that a provider keeps: where that is, only a look-up tells (stages/attempts/response_home.h).
Verdict resolveStored(Exchange &x)
{
    if (pipeline::mayLogAsSent(x))
        x.capture.request(x.request.body);
    auto options = readCallOptions(x.request.headers, {});
    if (!options)
        return Verdict::refuse(std::move(options.error()));
    note(x, std::move(*options));
    x.plan = std::make_shared<const routing::Plan>();
    return Verdict::proceed();
}

} // namespace

/// What is asked: what the caller sent, with what the prompt and the key have to it.
/// @param besideBody  the prompt that the call names there; empty: none
Result<wire::RequestScan> ResolveStage::filled(Exchange &x, wire::RequestScan scan, std::string_view besideBody, CallOptions &options)
{
    auto read = readCallOptions(x.request.headers, scan.signalbox.in(scan.body));
    if (!read)
        return std::unexpected(std::move(read.error()));
    options = std::move(*read);
    if (!besideBody.empty() || !scan.promptId.empty()) {
        const std::string named = promptNamed(scan, besideBody);
        const std::string_view customer = pipeline::customerOf(x.config->quotas, options.customer, x.request.headers, scan.user);
        const pipeline::NamedPrompt asked {.reference = named, .customer = customer, .session = options.session, .endpoint = x.endpoint, .pathNamesModel = !x.pathModel.empty(), .chance = x.worker.random()};
        auto expanded = m_prompts->expand(*x.config, scan, asked);
        if (!expanded)
            return std::unexpected(std::move(expanded.error()));
        take(x, std::move(*expanded));
        return filledByKey(x, scanBody(x, x.filledBody, defaultsOf(x.key, x.pathModel).model));
    }
    return x.endpoint == Endpoint::Realtime ? Result<wire::RequestScan>(std::move(scan)) : filledByKey(x, std::move(scan));
}

/// Keeps what is asked in the exchange; and what cannot be read, for the log.
Result<void> ResolveStage::read(Exchange &x, CallOptions &options)
{
    const std::string_view besideBody = promptBesideBody(x);
    auto scan = x.endpoint == Endpoint::Realtime ? scanQuery(x) : scanBody(x, x.request.body, defaultsOf(x.key, x.pathModel).model, whereNamed(x.endpoint, besideBody));
    const bool isText = !scan || !scan->isForm; // recordings and pictures are nothing to look at
    if (scan)
        scan = filled(x, std::move(*scan), besideBody, options);
    if (!scan) {
        if (isText && pipeline::mayLogAsSent(x))
            capture(x);
        return std::unexpected(std::move(scan.error()));
    }
    x.scan = std::move(*scan);
    x.scan.stream = mayStream(x.endpoint) && (x.scan.stream || x.pathStreams);
    return {};
}

Verdict ResolveStage::onRequest(Exchange &x)
{
    if (x.endpoint == Endpoint::Passthrough)
        return resolvePassthrough(x);
    if (x.stored)
        return resolveStored(x);
    if (x.endpoint == Endpoint::Realtime) {
        if (auto handshake = wire::websocket::readHandshake(x.request.headers); !handshake)
            return askForUpgrade(x, std::move(handshake.error()));
    }
    CallOptions options;
    if (auto asked = read(x, options); !asked)
        return Verdict::refuse(std::move(asked.error()));
    if (x.format == wire::CallerFormat::Gemini && x.scan.stream && !hasParameter(x.request.query, "alt=sse"))
        x.streamType = "application/json"; // Google's streams are an array where nobody says alt=sse
    const std::string override_ = options.route;
    x.region = std::move(options.region);
    note(x, std::move(options));

    auto choice = choosePlan(x.config, x.key, override_.empty() ? x.scan.model : std::string_view(override_), x.scan.fallbacks);
    if (!choice) {
        if (!x.scan.isForm && pipeline::mayLogAsSent(x))
            capture(x);
        return Verdict::refuse(std::move(choice.error()));
    }
    x.route = choice->route;
    x.plan = std::move(choice->plan);
    x.star = std::move(choice->star);
    x.record.route = x.route->name;
    if (!x.scan.isForm && !pipeline::policyOf(x)) // else what its policy leaves is logged
        capture(x);
    x.facts = factsOf(x);
    x.promptTokens = x.facts.inputTokens;
    return Verdict::proceed();
}

} // namespace gateway::stages
