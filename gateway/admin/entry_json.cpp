// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/entry_json.h"

#include "gateway/config/members.h"

#include <algorithm>

namespace gateway::admin {

void dropState(nlohmann::ordered_json &entry)
{
    for (const char *name : {"id", "origin", "revision", "hash", "prefix", "created_at", "revoked", "former_hash", "former_until"})
        entry.erase(name);
}

void keepState(config::Provider &next, const config::Provider &former)
{
    for (config::Credential &credential : next.credentials) {
        const auto known = std::ranges::find(former.credentials, credential.name, &config::Credential::name);
        if (known == former.credentials.end())
            continue;
        for (const config::CredentialMember &member : config::credentialMembers()) {
            if (member.isSecret() && member.of(credential).empty())
                member.of(credential) = member.of(*known);
        }
    }
}

void keepState(config::VirtualKey &next, const config::VirtualKey &former)
{
    if (next.secret.empty())
        next.hash = former.hash;
    next.prefix = former.prefix;
    next.createdAt = former.createdAt;
    next.revoked = former.revoked;
    next.formerHash = former.formerHash;
    next.formerUntil = former.formerUntil;
}

void keepState(config::AdminToken &next, const config::AdminToken &former)
{
    if (next.secret.empty())
        next.hash = former.hash;
}

void keepState(config::Prompt &next, const config::Prompt &former)
{
    for (config::PromptVersion &version : next.versions) {
        const auto known = std::ranges::find(former.versions, version.version, &config::PromptVersion::version);
        if (known == former.versions.end())
            continue;
        if (version.author.empty())
            version.author = known->author;
        if (version.createdAt == WallTime {})
            version.createdAt = known->createdAt;
    }
}

void keepState(config::Alert &next, const config::Alert &former)
{
    if (next.secret.empty())
        next.secret = former.secret;
    config::restoreWebhooks(next.notify, former.notify);
}

} // namespace gateway::admin
