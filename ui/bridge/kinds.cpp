// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/kinds.h"

#include "ui/bridge/text.h"

#include <algorithm>

namespace ui::bridge {

namespace {

using gateway::api::ProviderKindInfo;
using gateway::config::KindField;

Pasted document(const Kinds &kinds)
{
    for (const ProviderKindInfo &kind : kinds)
        for (const auto &way : kind.fields.ways)
            for (const KindField &field : way.fields)
                if (field.form == KindField::Form::Document)
                    return {&kind, field.name};
    return {};
}

} // namespace

const ProviderKindInfo *kindInfo(const Kinds &kinds, std::string_view kind)
{
    const auto found = std::ranges::find(kinds, kind, &ProviderKindInfo::kind);
    return found == kinds.end() ? nullptr : &*found;
}

Pasted tellPasted(const Kinds &kinds, const QString &text)
{
    const std::string value = utf8(text.trimmed());
    if (value.starts_with('{'))
        return document(kinds);
    Pasted best;
    std::size_t longest = 0;
    const auto offer = [&](const ProviderKindInfo &kind, std::string_view field, std::string_view beginning) {
        if (beginning.size() > longest && value.starts_with(beginning)) {
            longest = beginning.size();
            best = {&kind, field};
        }
    };
    for (const ProviderKindInfo &kind : kinds) {
        for (const std::string &prefix : kind.keyPrefixes)
            offer(kind, "api_key", prefix);
        for (const auto &way : kind.fields.ways)
            for (const KindField &field : way.fields)
                for (const std::string_view beginning : field.beginnings)
                    offer(kind, field.name, beginning);
    }
    return best;
}

bool needsBaseUrl(const ProviderKindInfo &kind)
{
    const auto own = std::ranges::find(kind.fields.provider, std::string_view("base_url"), &KindField::name);
    return own == kind.fields.provider.end() ? kind.defaultBaseUrl.empty() : own->required;
}

} // namespace ui::bridge
