// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/config_merge.h"

#include "gateway/config/entry_lists.h"

#include <algorithm>

namespace ui::bridge {

using namespace gateway::config;

namespace {

template <typename Entry>
const Entry *find(const std::vector<Entry> &entries, const Entry &wanted)
{
    const auto same = [&](const Entry &entry) { return wanted.id.empty() || entry.id.empty() ? entry.name == wanted.name : entry.id == wanted.id; };
    const auto found = std::ranges::find_if(entries, same);
    return found == entries.end() ? nullptr : &*found;
}

/// An entry that was changed on both sides: the draft's, all of it. An edit is not lost in silence.
template <typename Entry>
Entry changedOnBoth(const Entry &draft, const Entry &, const Entry &)
{
    return draft;
}

/// Of a prompt part by part: who edits its test sets takes no version away that was saved meanwhile.
template <>
Prompt changedOnBoth(const Prompt &draft, const Prompt &base, const Prompt &theirs)
{
    Prompt result = draft;
    const auto carry = [&](auto member) {
        if (draft.*member == base.*member)
            result.*member = theirs.*member;
    };
    carry(&Prompt::name);
    carry(&Prompt::folder);
    carry(&Prompt::versions);
    carry(&Prompt::experiment);
    carry(&Prompt::testSets);
    return result;
}

template <typename Entry>
std::vector<Entry> merged(const std::vector<Entry> &draft, const std::vector<Entry> &base, const std::vector<Entry> &theirs)
{
    std::vector<Entry> result;
    for (const Entry &entry : draft) {
        const Entry *before = find(base, entry);
        const Entry *now = find(theirs, entry);
        const bool untouched = before && *before == entry;
        if (untouched && now)
            result.push_back(*now);
        else if (before && now)
            result.push_back(changedOnBoth(entry, *before, *now));
        else if (!untouched)
            result.push_back(entry); // new here, or changed where they took it out
    }
    for (const Entry &entry : theirs) {
        if (!find(draft, entry) && !find(base, entry))
            result.push_back(entry); // new there; what the draft took out stays out
    }
    return result;
}

} // namespace

Config rebased(const Config &draft, const Config &base, const Config &theirs)
{
    Config result;
    result.gateway = draft.gateway == base.gateway ? theirs.gateway : draft.gateway;
    forEachSection([&](const auto &section) { result.*section.member = draft.*section.member == base.*section.member ? theirs.*section.member : draft.*section.member; });
    forEachList([&](const auto &list) { result.*list.member = merged(draft.*list.member, base.*list.member, theirs.*list.member); });
    result.fileSections = theirs.fileSections;
    result.fileSettings = theirs.fileSettings;
    return result;
}

} // namespace ui::bridge
