// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check_entries.h"

#include "gateway/config/check.h"
#include "gateway/config/document.h"
#include "gateway/config/duration.h"
#include "gateway/config/log_sink_text.h"
#include "gateway/config/quota_text.h"
#include "gateway/core/text.h"
#include "gateway/core/time_zones.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

void Checks::error(std::string field, std::string message)
{
    m_problems.push_back(Problem {.field = std::move(field), .message = std::move(message)});
}

void Checks::warn(std::string field, std::string message)
{
    m_problems.push_back(Problem {.field = std::move(field), .message = std::move(message), .warning = true});
}

void Checks::range(const std::string &field, std::int64_t value, std::int64_t least, std::int64_t most)
{
    if (value < least || value > most)
        error(field, fmt::format("`{}` is {}; it must be from {} to {}", field, value, least, most));
}

void Checks::size(const std::string &field, std::int64_t value, std::int64_t least, std::int64_t most)
{
    if (value < least || value > most)
        error(field, fmt::format("`{}` is {}; it must be from {} to {}", field, value < 0 ? std::to_string(value) : sizeText(value), sizeText(least), sizeText(most)));
}

void Checks::duration(const std::string &field, Millis value, Millis least, Millis most)
{
    if (value < least || value > most)
        error(field, fmt::format("`{}` is {}; it must be from {} to {}", field, durationText(value), durationText(least), durationText(most)));
}

void Checks::timeouts(const std::string &field, const Timeouts &timeouts)
{
    constexpr Millis least {1};
    constexpr Millis most = std::chrono::hours {24};
    const auto one = [&](std::string_view name, const std::optional<Millis> &value) {
        if (value)
            duration(fmt::format("{}.{}", field, name), *value, least, most);
    };
    one("connect", timeouts.connect);
    one("first_byte", timeouts.firstByte);
    one("idle", timeouts.idle);
    one("total", timeouts.total);
}

void Checks::networks(const std::string &field, const std::vector<std::string> &networks)
{
    for (std::size_t i = 0; i < networks.size(); ++i) {
        if (!isNetwork(networks[i]))
            error(fmt::format("{}[{}]", field, i), fmt::format("{} is not a network, such as 10.0.0.0/8, 192.0.2.7 or fd00::/8 (bits behind the prefix are zero)", jsonQuoted(networks[i])));
    }
}

void Checks::zone(const std::string &field, std::string_view name)
{
    if (!isZoneName(name))
        error(field, fmt::format("{} is not a time zone name, such as UTC or Europe/Berlin", jsonQuoted(name)));
    else if (!isKnownZone(name))
        warn(field, fmt::format("this machine knows no time zone {}: days and months begin as in UTC", jsonQuoted(name)));
}

void Checks::name(const std::string &field, NameOf what, std::string_view name)
{
    if (auto problem = nameProblem(what, name))
        error(field, std::move(*problem));
}

void Checks::secret(const std::string &field, const Secret &secret)
{
    if (hasBlank(secret.value))
        error(field, fmt::format("`{}` has a space, line end or control character; it may have been copied with one", field));
}

bool hasBlank(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
}

bool isMailAddress(std::string_view text)
{
    constexpr std::size_t longestMail = 254; // RFC 5321 4.5.3.1.3, without its brackets
    const std::size_t sign = text.find('@');
    return sign != std::string_view::npos && sign > 0 && sign + 1 < text.size() && text.size() <= longestMail && text.find('@', sign + 1) == std::string_view::npos && !hasBlank(text)
        && text.find_first_of("<>,;:\"\\()[]") == std::string_view::npos && text.find('.', sign) != sign + 1 && text.back() != '.';
}

void Checks::json(const std::string &field, const JsonText &text)
{
    if (text.empty())
        return;
    const auto parsed = parseJson(text.text);
    if (!parsed || parsed->kind != Node::Kind::Map)
        error(field, fmt::format("`{}` is not a JSON object", field));
}

void Uniques::add(Checks &checks, const std::string &field, std::string_view what, std::string_view name)
{
    if (name.empty())
        return;
    const auto [place, fresh] = m_fields.emplace(std::string(name), field);
    if (!fresh)
        checks.error(field, fmt::format("the {} {} is there twice (also {}); names must differ", what, jsonQuoted(name), place->second));
}

void checkTeams(Checks &checks, const std::vector<Team> &teams)
{
    Uniques names;
    for (std::size_t i = 0; i < teams.size(); ++i) {
        const std::string field = fmt::format("teams[{}].name", i);
        checks.name(field, NameOf::Team, teams[i].name);
        names.add(checks, field, "team", teams[i].name);
        checkQuota(checks, fmt::format("teams[{}]", i), teams[i].quota);
    }
}

void checkTags(Checks &checks, const std::vector<Tag> &tags)
{
    Uniques names;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        const std::string field = fmt::format("tags[{}]", i);
        checks.name(field + ".name", NameOf::Team, tags[i].name);
        names.add(checks, field + ".name", "tag", tags[i].name);
        checkQuota(checks, field, tags[i].quota);
    }
}

void checkTelemetry(Checks &checks, const TelemetrySettings &telemetry)
{
    if (!telemetry.otlp.empty() && !isHttpUrl(telemetry.otlp))
        checks.error("telemetry.otlp", fmt::format("{} is not a collector's address, such as http://127.0.0.1:4318", jsonQuoted(telemetry.otlp)));
    else if (telemetry.otlp.ends_with("/v1/traces"))
        checks.error("telemetry.otlp", "the address is the one below which /v1/traces, /v1/metrics and /v1/logs are; leave /v1/traces out");
    checkHeaders(checks, "telemetry.otlp_headers", telemetry.otlpHeaders);
    if (telemetry.otlp.empty() && telemetry.content)
        checks.warn("telemetry.content", "there is no collector for it: telemetry.otlp is empty");
    checkLogSinks(checks, telemetry.sinks);
}

void checkCustomers(Checks &checks, const Customers &customers)
{
    if (!customers.header.empty() && !isHeaderName(customers.header))
        checks.error("customers.header", fmt::format("{} is no name of a header, such as x-customer-id", jsonQuoted(customers.header)));
    if (customers.defaultBudget)
        checkBudget(checks, "customers.default_budget", *customers.defaultBudget);
    if (customers.defaultLimits)
        checkLimit(checks, "customers.default_limits", *customers.defaultLimits);
}

namespace {

/// What a call says itself, whoever makes it; and other words for what has one already.
constexpr auto undefaultable = std::to_array<std::string_view>({"model", "messages", "input", "prompt", "contents", "system", "instructions", "systemInstruction", "tools", "stream",
                                                                "stream_options", "user", "metadata", "signalbox", "fallbacks", "prompt_variables", "generationConfig"});
constexpr auto maxTokensNames = std::to_array<std::string_view>({"max_completion_tokens", "max_output_tokens", "maxOutputTokens"});

void checkParameter(Checks &checks, const std::string &field, const Entry &parameter)
{
    const Node &value = parameter.value;
    const bool isNumber = value.kind == Node::Kind::Scalar && !value.quoted && isJsonLiteral(value.text) && value.text != "true" && value.text != "false" && value.text != "null";
    if (std::ranges::find(undefaultable, parameter.key) != undefaultable.end())
        checks.error(field, parameter.key == "model" ? "a key's default model is called `route`" : fmt::format("`{}` has no default: each call says it itself", parameter.key));
    else if (std::ranges::find(maxTokensNames, parameter.key) != maxTokensNames.end())
        checks.error(field, fmt::format("write `max_tokens`: it is put into each call under the name that its API has for it, `{}` too", parameter.key));
    else if (parameter.key == "max_tokens" && (!isNumber || value.text.find_first_not_of("0123456789") != std::string::npos || value.text.starts_with('0') || value.text.size() > 9))
        checks.error(field, "`max_tokens` is a whole number from 1 on");
    else if ((parameter.key == "temperature" || parameter.key == "top_p") && !isNumber)
        checks.error(field, fmt::format("`{}` is a number", parameter.key));
}

void checkDefaults(Checks &checks, const std::string &field, const KeyDefaults &defaults)
{
    if (defaults.parameters.empty())
        return;
    checks.json(field, defaults.parameters);
    const auto parameters = parseJson(defaults.parameters.text).value_or(Node());
    for (const Entry &parameter : parameters.entries)
        checkParameter(checks, fmt::format("{}.{}", field, parameter.key), parameter);
}

void checkMetadata(Checks &checks, const std::string &field, const std::map<std::string, std::string> &metadata)
{
    constexpr std::size_t most = 2048; // as much as the callers' own may have beside it
    std::size_t size = 0;
    for (const auto &[name, value] : metadata) {
        size += name.size() + value.size();
        if (name.empty())
            checks.error(field, "an entry of a key's metadata has no name");
    }
    if (size > most)
        checks.error(field, fmt::format("a key's metadata has {} bytes; at most {} are kept with each of its calls", size, most));
}

} // namespace

void checkKeys(Checks &checks, const std::vector<VirtualKey> &keys)
{
    constexpr std::size_t longEnough = 16;
    Uniques names;
    std::unordered_map<std::string_view, std::string_view> secrets; // they must differ too: a secret names one key
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const VirtualKey &key = keys[i];
        const std::string field = fmt::format("keys[{}]", i), nameField = field + ".name";
        checks.name(nameField, NameOf::Key, key.name);
        names.add(checks, nameField, "key", key.name);
        checks.networks(field + ".allow_from", key.allowFrom);
        checks.secret(field + ".secret", key.secret);
        checkQuota(checks, field, key.quota);
        checkMetadata(checks, field + ".metadata", key.metadata);
        checkDefaults(checks, field + ".defaults", key.defaults);
        if (key.models && key.models->empty())
            checks.warn(field + ".models", fmt::format("the key {} may use no model at all; leave `models` out for all of them", jsonQuoted(key.name)));
        if (key.permissions.empty())
            checks.warn(field + ".permissions", fmt::format("the key {} may do nothing at all; give it `call`, or leave `permissions` out", jsonQuoted(key.name)));
        if (key.secret.empty())
            continue;
        if (key.secret.value.size() < shortestKeySecret)
            checks.error(field + ".secret", fmt::format("the secret of key {} has under {} characters", jsonQuoted(key.name), shortestKeySecret));
        else if (key.secret.value.size() < longEnough)
            checks.warn(field + ".secret", fmt::format("the secret of key {} has under {} characters and can be guessed", jsonQuoted(key.name), longEnough));
        const auto [place, fresh] = secrets.emplace(key.secret.value, key.name);
        if (!fresh)
            checks.error(field + ".secret", fmt::format("the keys {} and {} have the same secret", jsonQuoted(place->second), jsonQuoted(key.name)));
    }
}

void checkAdminTokens(Checks &checks, const std::vector<AdminToken> &tokens)
{
    Uniques names;
    std::map<std::string_view, std::string_view> secrets; // and hashes: one secret has one role
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const AdminToken &token = tokens[i];
        const std::string field = fmt::format("admin.tokens[{}]", i);
        checks.name(field + ".name", NameOf::AdminToken, token.name);
        names.add(checks, field + ".name", "admin token", token.name);
        if (equalsIgnoringCase(token.name, ownersTokenName))
            checks.error(field + ".name", fmt::format("{} is the name of the token in the data folder's admin-token; choose another", jsonQuoted(token.name)));
        checks.secret(field + ".secret", token.secret);
        if (!token.secret.empty() && token.secret.value.size() < shortestAdminToken)
            checks.error(field + ".secret", fmt::format("the secret of the admin token {} has under {} characters", jsonQuoted(token.name), shortestAdminToken));
        const std::string_view known = token.secret.empty() ? token.hash : token.secret.value;
        if (const auto [place, fresh] = secrets.emplace(known, token.name); !fresh && !known.empty())
            checks.error(field + ".secret", fmt::format("the admin tokens {} and {} have the same secret", jsonQuoted(place->second), jsonQuoted(token.name)));
    }
}

} // namespace gateway::config
