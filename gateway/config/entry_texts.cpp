// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entry_texts.h"

#include "gateway/config/entity_writer.h"
#include "gateway/config/entry_lists.h"

#include <algorithm>

namespace gateway::config {

namespace {

constexpr std::string_view hidden = "•";

/// "https://user:password@host" -> "https://•@host"
void hideUser(std::string &url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos)
        return;
    const std::size_t begin = scheme + 3, end = url.rfind('@', url.find('/', begin));
    if (end != std::string::npos && end > begin)
        url.replace(begin, end - begin, hidden);
}

void hideUsers(Provider &provider) { hideUser(provider.baseUrl); }
void hideUsers(GatewaySettings &settings) { hideUser(settings.proxy); }
template <typename T>
void hideUsers(T &) {}

template <typename T>
std::string textOf(T entry)
{
    hideUsers(entry);
    const Node node = toNode(entry, WriteOptions {.literal = true});
    return node.isEmpty() ? std::string() : yamlText(node);
}

template <typename T>
const T *named(const std::vector<T> &entries, const std::string &name)
{
    const auto found = std::ranges::find(entries, name, &T::name);
    return found == entries.end() ? nullptr : &*found;
}

/// The one of the same id: the entry may have another name by now.
template <typename T>
const T *successor(const std::vector<T> &entries, const T &former)
{
    const auto found = std::ranges::find(entries, former.id, &T::id);
    return former.id.empty() || found == entries.end() ? named(entries, former.name) : &*found;
}

template <typename T>
EntryTexts entryTexts(const Change &change, const std::vector<T> &before, const std::vector<T> &after)
{
    const T *old = change.kind == Change::Kind::Added ? nullptr : named(before, change.name);
    const T *now = nullptr;
    if (change.kind == Change::Kind::Added)
        now = named(after, change.name);
    else if (change.kind == Change::Kind::Changed)
        now = old == nullptr ? named(after, change.name) : successor(after, *old);
    return {.before = old == nullptr ? std::string() : textOf(*old), .after = now == nullptr ? std::string() : textOf(*now)};
}

} // namespace

EntryTexts textsOf(const Change &change, const Config &before, const Config &after)
{
    EntryTexts texts;
    if (change.subject == "gateway")
        texts = {.before = textOf(before.gateway), .after = textOf(after.gateway)};
    forEachSection([&](const auto &section) {
        if (section.name == change.subject)
            texts = {.before = textOf(before.*section.member), .after = textOf(after.*section.member)};
    });
    forEachList([&](const auto &list) {
        if (list.kind == change.subject)
            texts = entryTexts(change, before.*list.member, after.*list.member);
    });
    return texts;
}

} // namespace gateway::config
