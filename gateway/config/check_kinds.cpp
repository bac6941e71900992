// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check_entries.h"

#include "gateway/config/members.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::config {

namespace {

bool hasField(std::span<const KindField> fields, std::string_view name)
{
    return std::any_of(fields.begin(), fields.end(), [&](const KindField &field) { return field.name == name; });
}

/// "`tenant_id`, `client_id` and `client_secret`"; how a way without fields is asked for is its source.
std::string fieldsOf(const CredentialWay &way)
{
    if (way.source != CredentialSource::Given)
        return fmt::format("`source: {}`", toText(way.source));
    std::string out;
    for (std::size_t i = 0; i < way.fields.size(); ++i)
        out += fmt::format("{}`{}`", i == 0 ? "" : i + 1 == way.fields.size() ? " and " : ", ", way.fields[i].name);
    return out;
}

std::string waysOf(const KindFields &kind)
{
    std::string out;
    for (const CredentialWay &way : kind.ways)
        out += fmt::format("{}{} ({})", out.empty() ? "" : "; or ", fieldsOf(way), way.title);
    return out;
}

/// "credential "main" of provider "az"": what the messages are about.
std::string nameOf(const Credential &credential, const Provider &provider)
{
    return fmt::format("the credential {} of provider {}", jsonQuoted(credential.name), jsonQuoted(provider.name));
}

std::string suchAs(const KindField &field)
{
    return field.example.empty() ? std::string() : fmt::format(", such as {}", field.example);
}

void checkProviderFields(Checks &checks, const std::string &field, const Provider &provider, const KindFields &kind)
{
    const auto check = [&](std::string_view name, bool given) {
        if (given && !hasField(kind.provider, name))
            checks.error(fmt::format("{}.{}", field, name), fmt::format("kind {} has no `{}`; take it out of provider {}", kind.kind, name, jsonQuoted(provider.name)));
    };
    for (const ProviderMember &member : providerMembers())
        check(member.name, !(provider.*member.text).empty());
    check("deployments", !provider.deployments.empty());
    for (const KindField &needed : kind.provider) {
        const ProviderMember *member = findProviderMember(needed.name);
        if (needed.required && member != nullptr && (provider.*member->text).empty())
            checks.error(fmt::format("{}.{}", field, needed.name),
                         fmt::format("provider {} of kind {} needs `{}`{}. {}", jsonQuoted(provider.name), kind.kind, needed.name, suchAs(needed), needed.hint));
    }
}

/// Values that the kind has no use for, or of two ways at once. False: nothing more can be said.
bool checkWays(Checks &checks, const std::string &field, const Provider &provider, const Credential &credential, const KindFields &kind)
{
    const CredentialWay *way = wayOf(kind, credential);
    bool fine = true;
    if (way == nullptr && credential.source != CredentialSource::Given) {
        checks.error(field + ".source", fmt::format("{}: kind {} has no `source: {}`. It takes {}", nameOf(credential, provider), kind.kind, toText(credential.source), waysOf(kind)));
        fine = false;
    }
    for (const CredentialMember &member : credentialMembers()) {
        if (member.of(credential).empty() || (way != nullptr && hasField(way->fields, member.name)))
            continue;
        fine = false;
        const bool another = std::any_of(kind.ways.begin(), kind.ways.end(), [&](const CredentialWay &other) { return hasField(other.fields, member.name); });
        const std::string at = fmt::format("{}.{}", field, member.name);
        if (another && way != nullptr)
            checks.error(at, fmt::format("{} has {} and `{}` too, which are two ways to authenticate; take one of them out", nameOf(credential, provider), fieldsOf(*way), member.name));
        else
            checks.error(at, fmt::format("{}: kind {} has no `{}`. It takes {}", nameOf(credential, provider), kind.kind, member.name, waysOf(kind)));
    }
    return fine;
}

/// A credential without any secret may have it in the store: an export leaves it out.
void checkWhole(Checks &checks, const std::string &field, const Provider &provider, const Credential &credential, const CredentialWay &way)
{
    const auto value = [&](const KindField &one) -> const std::string & { return findCredentialMember(one.name)->of(credential); };
    const bool anySecret = std::any_of(way.fields.begin(), way.fields.end(), [&](const KindField &one) { return one.secret && !value(one).empty(); });
    for (const KindField &needed : way.fields) {
        if (!needed.required || !value(needed).empty())
            continue;
        std::string words = fmt::format("{} has no `{}`, which {} needs. {}", nameOf(credential, provider), needed.name, way.title, needed.hint);
        if (needed.secret && !anySecret)
            checks.warn(fmt::format("{}.{}", field, needed.name), std::move(words));
        else
            checks.error(fmt::format("{}.{}", field, needed.name), std::move(words));
    }
}

} // namespace

void checkKindFields(Checks &checks, const std::string &field, const Provider &provider, const KindFields &kind)
{
    checkProviderFields(checks, field, provider, kind);
    for (std::size_t i = 0; i < provider.credentials.size(); ++i) {
        const Credential &credential = provider.credentials[i];
        const std::string at = fmt::format("{}.credentials[{}]", field, i);
        const CredentialWay *way = wayOf(kind, credential);
        if (checkWays(checks, at, provider, credential, kind) && way != nullptr)
            checkWhole(checks, at, provider, credential, *way);
    }
    const bool machines = std::any_of(provider.credentials.begin(), provider.credentials.end(),
                                      [](const Credential &credential) { return credential.source == CredentialSource::Metadata; });
    if (machines && !provider.baseUrl.empty())
        checks.warn(field + ".base_url", fmt::format("what this machine's Google account may do, {} may do with the token that provider {} sends there; leave `base_url` out "
                                                     "where it is not Google's or your own",
                                                     jsonQuoted(provider.baseUrl), jsonQuoted(provider.name)));
}

} // namespace gateway::config
