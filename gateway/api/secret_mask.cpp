// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/secret_mask.h"

#include "gateway/api/gateway.h"
#include "gateway/config/log_sink_members.h"
#include "gateway/config/members.h"
#include "gateway/config/secret_values.h"
#include "gateway/config/service_account.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::api {

namespace {

constexpr std::string_view dots = "\u2022\u2022\u2022\u2022";
constexpr std::size_t shownCharacters = 4;
constexpr std::size_t shortestShown = 12; // four characters of a shorter secret would give too much of it away

/// Where the password of "http://user:password@host" is, or an empty span.
std::pair<std::size_t, std::size_t> passwordSpan(std::string_view url)
{
    const auto scheme = url.find("://");
    const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto at = url.rfind('@');
    const auto colon = url.find(':', begin);
    if (at == std::string_view::npos || colon == std::string_view::npos || colon > at)
        return {0, 0};
    return {colon + 1, at - colon - 1};
}

const config::Provider *findProvider(const config::Config &config, const config::Provider &wanted)
{
    const auto found = wanted.id.empty() ? std::ranges::find(config.providers, wanted.name, &config::Provider::name)
                                         : std::ranges::find(config.providers, wanted.id, &config::Provider::id);
    return found == config.providers.end() ? nullptr : &*found;
}

/// A service account is told by whose it is, which is no secret: "••••bot@project.iam.gserviceaccount.com project".
std::string memberMask(const config::CredentialMember &member, const config::Credential &credential)
{
    if (member.secret != &config::Credential::serviceAccount || isMask(member.of(credential)))
        return maskOf(member.of(credential));
    const auto account = config::readServiceAccount(credential.serviceAccount.value);
    if (!account)
        return credential.serviceAccount.empty() ? std::string() : std::string(dots);
    return fmt::format("{}{}{}{}", dots, account->clientEmail, account->projectId.empty() ? "" : " ", account->projectId);
}

bool isMasked(const config::CredentialMember &member, const config::Credential &credential)
{
    return member.isSecret() && isMask(member.of(credential));
}

/// The stored credential whose secrets the masks stand for: all of one, since half of another's would be of no use. One
/// that was renamed is still told by its masks.
const config::Credential *findMasked(const config::Provider &stored, const config::Credential &wanted)
{
    const auto fits = [&](const config::Credential &credential) {
        return std::ranges::all_of(config::credentialMembers(), [&](const config::CredentialMember &member) {
            return !isMasked(member, wanted) || memberMask(member, credential) == member.of(wanted);
        });
    };
    for (const config::Credential &credential : stored.credentials) {
        if (credential.name == wanted.name && fits(credential))
            return &credential;
    }
    return std::ranges::count_if(stored.credentials, fits) == 1 ? &*std::ranges::find_if(stored.credentials, fits) : nullptr;
}

/// Puts the credential's stored secrets in the places of their masks; what stands for nothing goes to `unknown`.
void unmaskCredential(config::Credential &credential, const config::Provider *stored, const std::string &field, std::vector<std::string> &unknown)
{
    const config::Credential *found = stored ? findMasked(*stored, credential) : nullptr;
    for (const config::CredentialMember &member : config::credentialMembers()) {
        if (!isMasked(member, credential))
            continue;
        if (found)
            member.of(credential) = member.of(*found);
        else
            unknown.push_back(fmt::format("{}.{}", field, member.name));
    }
}

/// The stored value of that header; one that was renamed is told by its mask. Under a name that is no secret's it would be
/// shown from then on, so it has to be given again.
const std::string *findHeader(const config::Provider &stored, const std::string &name, const std::string &mask)
{
    if (!config::isSecretHeader(name))
        return nullptr;
    if (const auto same = stored.headers.find(name); same != stored.headers.end() && maskOf(same->second) == mask)
        return &same->second;
    const auto sameMask = [&](const auto &header) { return config::isSecretHeader(header.first) && maskOf(header.second) == mask; };
    return std::ranges::count_if(stored.headers, sameMask) == 1 ? &std::ranges::find_if(stored.headers, sameMask)->second : nullptr;
}

std::string webhookMask(std::string_view url)
{
    if (config::isMaskedWebhook(url))
        return std::string(url); // of what was masked already
    const config::WebhookParts parts = config::webhookParts(url);
    return parts.rest.empty() ? std::string(url) : parts.origin + maskOf(parts.rest);
}

/// One whose address or secret is asked for is found by its id, else by its name.
void unmaskAlert(config::Alert &alert, const config::Config &stored, const std::string &field, std::vector<std::string> &unknown)
{
    const auto before = alert.id.empty() ? std::ranges::find(stored.alerts, alert.name, &config::Alert::name) : std::ranges::find(stored.alerts, alert.id, &config::Alert::id);
    const bool known = before != stored.alerts.end();
    if (known)
        config::restoreWebhooks(alert.notify, before->notify, &webhookMask);
    for (std::size_t i = 0; i < alert.notify.size(); ++i) {
        if (alert.notify[i].isWebhook() && config::isMaskedWebhook(alert.notify[i].to) && !(known && std::ranges::find(before->notify, alert.notify[i]) != before->notify.end()))
            unknown.push_back(fmt::format("{}.notify[{}]", field, i));
    }
    if (!isMask(alert.secret.value))
        return;
    if (known && maskOf(before->secret.value) == alert.secret.value)
        alert.secret = before->secret;
    else
        unknown.push_back(field + ".secret");
}

/// For another place they are not sent: whoever may change the address would read them. One that was renamed is told by its place.
void unmaskSink(config::LogSink &sink, const std::vector<config::LogSink> &stored, const std::string &field, std::vector<std::string> &unknown)
{
    const auto fits = [&](const config::LogSink &before) {
        return config::isSamePlace(before.s3, sink.s3) && std::ranges::all_of(config::s3Secrets, [&](const auto &member) {
            const config::Secret &secret = sink.s3.*member.second;
            return !isMask(secret.value) || maskOf((before.s3.*member.second).value) == secret.value;
        });
    };
    auto before = std::ranges::find_if(stored, [&](const config::LogSink &each) { return each.name == sink.name && fits(each); });
    if (before == stored.end() && std::ranges::count_if(stored, fits) == 1)
        before = std::ranges::find_if(stored, fits);
    for (const auto &[key, secret] : config::s3Secrets) {
        if (!isMask((sink.s3.*secret).value))
            continue;
        if (before != stored.end())
            sink.s3.*secret = before->s3.*secret;
        else
            unknown.push_back(fmt::format("{}.{}", field, key));
    }
}

} // namespace

std::string maskOf(std::string_view secret)
{
    if (isMask(secret))
        return std::string(secret); // of what was masked already
    if (secret.empty())
        return {};
    return std::string(dots) + std::string(secret.size() < shortestShown ? std::string_view() : secret.substr(secret.size() - shownCharacters));
}

bool isMask(std::string_view text)
{
    return text.starts_with(dots);
}

std::string Gateway::maskedSecret(std::string_view lastFour)
{
    return std::string(dots) + std::string(lastFour);
}

bool Gateway::isMasked(std::string_view text)
{
    return isMask(text);
}

config::Config masked(config::Config config)
{
    for (config::Provider &provider : config.providers) {
        for (config::Credential &credential : provider.credentials) {
            for (const config::CredentialMember &member : config::credentialMembers()) {
                if (member.isSecret())
                    member.of(credential) = memberMask(member, credential);
            }
        }
        for (auto &[name, value] : provider.headers) {
            if (config::isSecretHeader(name))
                value = maskOf(value);
        }
    }
    for (config::VirtualKey &key : config.keys)
        key.secret.value.clear();
    for (config::AdminToken &token : config.adminTokens)
        token.secret.value.clear();
    for (auto &[name, value] : config.telemetry.otlpHeaders)
        value = maskOf(value);
    for (config::Alert &alert : config.alerts) {
        for (config::Notify &notify : alert.notify) {
            if (notify.isWebhook())
                notify.to = webhookMask(notify.to);
        }
        alert.secret.value = maskOf(alert.secret.value);
    }
    config.smtp.password.value = maskOf(config.smtp.password.value);
    for (config::LogSink &sink : config.telemetry.sinks) {
        for (const auto &[key, secret] : config::s3Secrets)
            (sink.s3.*secret).value = maskOf((sink.s3.*secret).value);
    }
    config.gateway.metricsToken.value = maskOf(config.gateway.metricsToken.value);
    const auto [from, length] = passwordSpan(config.gateway.proxy);
    if (length > 0)
        config.gateway.proxy.replace(from, length, dots);
    return config;
}

config::Config maskedAsStored(config::Config config, const Gateway &gateway)
{
    const auto hashed = [&](auto &entries) {
        for (auto &entry : entries) {
            if (!entry.secret.empty())
                entry.hash = toHex(gateway.secretHash(entry.secret.value));
        }
    };
    hashed(config.keys);
    hashed(config.adminTokens);
    return masked(std::move(config));
}

std::vector<std::string> unmask(config::Config &next, const config::Config &stored)
{
    std::vector<std::string> unknown;
    for (std::size_t p = 0; p < next.providers.size(); ++p) {
        config::Provider &provider = next.providers[p];
        const config::Provider *before = findProvider(stored, provider);
        for (std::size_t c = 0; c < provider.credentials.size(); ++c)
            unmaskCredential(provider.credentials[c], before, fmt::format("providers[{}].credentials[{}]", p, c), unknown);
        for (auto &[name, value] : provider.headers) {
            if (!isMask(value))
                continue;
            if (const std::string *secret = before ? findHeader(*before, name, value) : nullptr)
                value = *secret;
            else
                unknown.push_back(fmt::format("providers[{}].headers.{}", p, name));
        }
    }
    // As mail servers: for another collector they are not sent. Without one they stay.
    const bool sameCollector = next.telemetry.otlp.empty() || next.telemetry.otlp == stored.telemetry.otlp;
    for (auto &[name, value] : next.telemetry.otlpHeaders) {
        if (!isMask(value))
            continue;
        const auto known = stored.telemetry.otlpHeaders.find(name);
        if (sameCollector && known != stored.telemetry.otlpHeaders.end() && maskOf(known->second) == value)
            value = known->second;
        else
            unknown.push_back("telemetry.otlp_headers." + name);
    }
    for (std::size_t i = 0; i < next.alerts.size(); ++i)
        unmaskAlert(next.alerts[i], stored, fmt::format("alerts[{}]", i), unknown);
    if (isMask(next.smtp.password.value)) {
        // For another server it is not sent: whoever may change the address would read it.
        if (next.smtp.host == stored.smtp.host && maskOf(stored.smtp.password.value) == next.smtp.password.value)
            next.smtp.password = stored.smtp.password;
        else
            unknown.emplace_back("smtp.password");
    }
    for (std::size_t i = 0; i < next.telemetry.sinks.size(); ++i)
        unmaskSink(next.telemetry.sinks[i], stored.telemetry.sinks, fmt::format("telemetry.sinks[{}].s3", i), unknown);
    if (isMask(next.gateway.metricsToken.value))
        next.gateway.metricsToken = stored.gateway.metricsToken;
    const auto [from, length] = passwordSpan(next.gateway.proxy);
    if (length > 0 && isMask(std::string_view(next.gateway.proxy).substr(from, length))) {
        const auto [storedFrom, storedLength] = passwordSpan(stored.gateway.proxy);
        next.gateway.proxy.replace(from, length, stored.gateway.proxy.substr(storedFrom, storedLength));
    }
    return unknown;
}

} // namespace gateway::api
