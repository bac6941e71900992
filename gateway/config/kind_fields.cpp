// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/kind_fields.h"

#include "gateway/config/members.h"

#include <algorithm>

namespace gateway::config {

const KindFields *findKindFields(std::span<const KindFields> kinds, std::string_view kind)
{
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const KindFields &row) { return row.kind == kind; });
    return found == kinds.end() ? nullptr : &*found;
}

const CredentialWay *wayOf(const KindFields &kind, const Credential &credential)
{
    const CredentialWay *best = nullptr;
    std::ptrdiff_t most = 0;
    for (const CredentialWay &way : kind.ways) {
        if (credential.source != way.source)
            continue;
        if (way.source != CredentialSource::Given)
            return &way;
        const auto given = std::count_if(way.fields.begin(), way.fields.end(), [&](const KindField &field) {
            const CredentialMember *member = findCredentialMember(field.name);
            return member != nullptr && !member->of(credential).empty();
        });
        if (given > most) {
            best = &way;
            most = given;
        }
    }
    return best;
}

} // namespace gateway::config
