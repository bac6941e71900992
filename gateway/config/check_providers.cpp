// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check_entries.h"

#include "gateway/config/field_problem.h"
#include "gateway/config/members.h"
#include "gateway/config/quota_text.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

namespace {

bool isHeaderValue(std::string_view value)
{
    return trimmed(value).size() == value.size()
        && std::none_of(value.begin(), value.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

/// Entries of the vault are checked when they are put in.
void checkValues(Checks &checks, const std::string &field, const Credential &credential)
{
    for (const CredentialMember &member : credentialMembers()) {
        const std::string &value = member.of(credential);
        if (member.isSecret() && value.starts_with("vault:"))
            continue;
        if (auto problem = fieldProblem(member.name, value))
            checks.error(fmt::format("{}.{}", field, member.name), std::move(*problem));
    }
}

void checkCredentials(Checks &checks, const std::string &field, const std::vector<Credential> &credentials)
{
    constexpr int heaviest = 1'000'000;
    Uniques names;
    for (std::size_t i = 0; i < credentials.size(); ++i) {
        const Credential &credential = credentials[i];
        const std::string at = fmt::format("{}[{}]", field, i);
        checks.name(at + ".name", NameOf::Credential, credential.name);
        names.add(checks, at + ".name", "credential", credential.name);
        checkValues(checks, at, credential);
        checks.range(at + ".weight", credential.weight, 1, heaviest);
        checks.range(at + ".rpm", credential.rpm.value_or(1), 1, 1'000'000'000);
        checks.range(at + ".tpm", credential.tpm.value_or(1), 1, 2'000'000'000);
    }
}

void checkOwnValues(Checks &checks, const std::string &field, const Provider &provider)
{
    if (auto problem = fieldProblem("base_url", provider.baseUrl))
        checks.error(field + ".base_url", std::move(*problem));
    for (const ProviderMember &member : providerMembers()) {
        if (auto problem = fieldProblem(member.name, provider.*member.text))
            checks.error(fmt::format("{}.{}", field, member.name), std::move(*problem));
    }
    for (const auto &[model, deployment] : provider.deployments) {
        if (auto problem = deploymentProblem(model, deployment))
            checks.error(fmt::format("{}.deployments.{}", field, model), std::move(*problem));
    }
}

void checkBreaker(Checks &checks, const std::string &field, const BreakerSettings &breaker)
{
    checks.range(field + ".failures", breaker.failures, 1, 1'000'000);
    checks.range(field + ".min_calls", breaker.minCalls, 1, 1'000'000);
    if (!(breaker.failureRate > 0 && breaker.failureRate <= 1)) // also refuses "nan"
        checks.error(field + ".failure_rate", fmt::format("`failure_rate` is {}; it must be above 0 and at most 1 (0.5 is half of the calls)", breaker.failureRate));
    checks.duration(field + ".window", breaker.window, std::chrono::seconds {1}, std::chrono::hours {24});
    checks.duration(field + ".cooldown", breaker.cooldown, Millis {100}, std::chrono::hours {24});
}

void checkModels(Checks &checks, const std::string &field, const std::vector<ModelSettings> &models)
{
    Uniques ids;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const ModelSettings &model = models[i];
        const std::string at = fmt::format("{}[{}]", field, i);
        if (model.id.empty())
            checks.error(at + ".id", "the model's `id` is missing: the provider's name for it");
        ids.add(checks, at + ".id", "model", model.id);
        const auto price = [&](std::string_view name, const std::optional<Money> &value) {
            if (value && *value < Money {})
                checks.error(fmt::format("{}.{}", at, name), fmt::format("`{}` is below zero", name));
        };
        price("input_per_mtok", model.inputPerMtok);
        price("output_per_mtok", model.outputPerMtok);
        price("cached_input_per_mtok", model.cachedInputPerMtok);
        price("cache_write_per_mtok", model.cacheWritePerMtok);
        price("cache_write_1h_per_mtok", model.cacheWrite1hPerMtok);
        price("audio_input_per_mtok", model.audioInputPerMtok);
        price("cached_audio_per_mtok", model.cachedAudioPerMtok);
        price("audio_output_per_mtok", model.audioOutputPerMtok);
        checks.range(at + ".context", model.context.value_or(1), 1, 1'000'000'000);
        checks.range(at + ".max_output", model.maxOutput.value_or(1), 1, 1'000'000'000);
    }
}

} // namespace

void checkHeaders(Checks &checks, const std::string &field, const std::map<std::string, std::string> &headers)
{
    // The framing is the gateway's own: a second Content-Length would be a smuggled request.
    constexpr std::array<std::string_view, 8> ours {"host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade", "expect"};
    for (const auto &[name, value] : headers) {
        const std::string at = fmt::format("{}.{}", field, name);
        if (!isHeaderName(name))
            checks.error(at, fmt::format("{} is not a header's name", jsonQuoted(name)));
        else if (std::any_of(ours.begin(), ours.end(), [&](std::string_view own) { return equalsIgnoringCase(own, name); }))
            checks.error(at, fmt::format("the header {} is set by the gateway itself; take it out", name));
        if (!isHeaderValue(value))
            checks.error(at, fmt::format("the value of header {} has a line end, a control character, or white space at an end", jsonQuoted(name)));
    }
}

bool isHeaderName(std::string_view name)
{
    const auto fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

void checkProviders(Checks &checks, const std::vector<Provider> &providers, std::span<const KindFields> kinds)
{
    Uniques names;
    for (std::size_t i = 0; i < providers.size(); ++i) {
        const Provider &provider = providers[i];
        const std::string field = fmt::format("providers[{}]", i);
        checks.name(field + ".name", NameOf::Provider, provider.name);
        names.add(checks, field + ".name", "provider", provider.name);
        if (provider.kind.empty())
            checks.error(field + ".kind", fmt::format("the provider {} has no `kind`, such as openai or openai-compatible", jsonQuoted(provider.name)));
        checkOwnValues(checks, field, provider);
        if (const KindFields *kind = findKindFields(kinds, provider.kind))
            checkKindFields(checks, field, provider, *kind);
        checkCredentials(checks, field + ".credentials", provider.credentials);
        checkHeaders(checks, field + ".headers", provider.headers);
        checkQuota(checks, field, provider.quota);
        checkBreaker(checks, field + ".breaker", provider.breaker);
        checks.range(field + ".max_connections", provider.maxConnections, 1, 100'000);
        checks.duration(field + ".every", provider.probeEvery, std::chrono::seconds {1}, std::chrono::hours {24});
        checks.timeouts(field + ".timeouts", provider.timeouts);
        checkModels(checks, field + ".models", provider.models);
    }
}

} // namespace gateway::config
