// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/probe_plan.h"

#include "gateway/config/secret_values.h"
#include "gateway/pipeline/compile.h"
#include "gateway/providers/kind_fields.h"
#include "gateway/providers/provider_table.h"
#include "gateway/providers/translate.h"
#include "gateway/wire/codecs.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace gateway::api {

namespace {

const config::Credential *findCredential(const config::Provider &provider, const std::string &name)
{
    if (name.empty())
        return provider.credentials.empty() ? nullptr : &provider.credentials.front();
    const auto found = std::ranges::find(provider.credentials, name, &config::Credential::name);
    return found == provider.credentials.end() ? nullptr : &*found;
}

} // namespace

std::vector<ProviderKindInfo> providerKindInfos()
{
    std::vector<ProviderKindInfo> infos;
    for (const providers::ProviderKind &kind : providers::providerKinds()) {
        infos.push_back({.kind = std::string(kind.name),
                         .title = std::string(kind.title),
                         .defaultBaseUrl = std::string(kind.baseUrl),
                         .needsKey = kind.auth != providers::Auth::OptionalBearer,
                         .local = kind.local,
                         .keyPrefixes = std::vector<std::string>(kind.keyPrefixes.begin(), kind.keyPrefixes.end()),
                         .exampleModel = std::string(kind.exampleModel),
                         .fields = *providers::findKindFields(kind.name)});
    }
    return infos;
}

Result<ProbePlan> probePlan(const config::Provider &provider, const config::GatewaySettings &gateway, const std::string &credential, const std::string &model)
{
    const providers::ProviderKind *kind = providers::findProviderKind(provider.kind);
    if (!kind)
        return fail(ErrorCode::Invalid, fmt::format("\"{}\" is not a provider kind that this version knows", provider.kind), "kind");
    auto site = providers::ProviderSite::make(*kind, provider);
    if (!site)
        return fail(ErrorCode::Invalid, fmt::format("{} {}", kind->title, site.error().message), site.error().where);
    const config::Provider whole = providers::withEnvironment(provider);
    const config::Credential *key = findCredential(whole, credential);
    const bool hasKey = key && *key != config::Credential {.name = key->name, .weight = key->weight};
    auto proof = hasKey ? providers::makeCallProof(*site, whole, *key) : Result<providers::CallProof>();
    if (!proof)
        return fail(proof.error().code, fmt::format("credential \"{}\" {}", key->name, proof.error().message));
    auto compiled = pipeline::compileCredential(key ? *key : config::Credential(), whole, gateway, *site, std::move(*proof));
    if (!compiled)
        return std::unexpected(std::move(compiled.error()));
    ProbePlan plan {.title = std::string(kind->title), .address = pipeline::upstreamAddress(provider, gateway, site->url()), .site = std::move(*site),
                    .credential = std::make_shared<const pipeline::CompiledCredential>(std::move(*compiled))};
    plan.needsKey = plan.site.kind().auth != providers::Auth::OptionalBearer;
    plan.hasKey = hasKey;
    plan.model = model;
    plan.secrets = config::secretValues(whole);
    return plan;
}

std::string ProbePlan::modelsHead() const
{
    std::string room;
    return site.has(Endpoint::Models) ? credential->head.text({.method = "GET", .target = site.target(Endpoint::Models, {}, false, room)}) : std::string();
}

Result<ProbePlan::Call> ProbePlan::chat(std::int64_t maxTokens) const
{
    wire::ChatRequest asked;
    asked.messages.push_back({.role = wire::Role::User, .parts = {wire::TextPart {.text = {"Say hello"}}}});
    asked.maxTokens = maxTokens;
    auto encoded = providers::translateRequest(site, Endpoint::ChatCompletions, std::move(asked), {.model = model, .modelInBody = !site.pathNamesModel(Endpoint::ChatCompletions)});
    if (!encoded)
        return std::unexpected(std::move(encoded.error()));
    std::string room;
    Call call {.body = encoded->body.text()};
    call.head = credential->head.text({.target = site.target(Endpoint::ChatCompletions, model, false, room), .contentLength = call.body.size()});
    return call;
}

namespace {

/// What the answer to the test says, as far as it matters here.
struct Heard final : wire::ChatEventSink
{
    bool ended = false;
    bool failed = false;
    void onEvent(const wire::ChatEvent &event) override
    {
        ended = ended || std::holds_alternative<wire::AnswerEnd>(event);
        failed = failed || std::holds_alternative<wire::AnswerError>(event);
    }
};

} // namespace

bool ProbePlan::isAnswer(std::string_view body) const
{
    const auto decoder = wire::makeDecoder(site.format(Endpoint::ChatCompletions, model), {.callId = "call_test"});
    Heard heard;
    decoder->onBody(body, heard);
    if (!heard.ended && !heard.failed)
        decoder->onEnd(heard);
    return heard.ended && !heard.failed;
}

} // namespace gateway::api
