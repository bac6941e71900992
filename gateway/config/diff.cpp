// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/diff.h"

#include "gateway/config/entity_writer.h"
#include "gateway/config/entry_lists.h"
#include "gateway/config/members.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::size_t longestValue = 120; // of a value in a note

bool isSecretField(std::string_view field)
{
    const CredentialMember *member = findCredentialMember(field);
    return (member != nullptr && member->isSecret()) || field == "secret" || field == "password" || field == "metrics_token";
}

/// Header values can be credentials, addresses can hold a password or, of a webhook, be one: their change is said, their value is not.
bool isDelicate(std::string_view path)
{
    return path.starts_with("headers.") || path.starts_with("otlp_headers.") || path == "hash" || path == "former_hash" || path == "proxy" || path == "notify" || isSecretField(path.substr(path.rfind('.') == std::string_view::npos ? 0 : path.rfind('.') + 1));
}

/// "https://user:password@host"
bool holdsPassword(const Node *node)
{
    if (node == nullptr || node->kind != Node::Kind::Scalar)
        return false;
    const std::size_t scheme = node->text.find("://");
    return scheme != std::string::npos && node->text.find('@', scheme) != std::string::npos;
}

std::string shown(const Node *node)
{
    if (node == nullptr)
        return "default";
    std::string text = node->kind == Node::Kind::Scalar ? node->text : jsonText(*node);
    if (text.size() > longestValue)
        text = std::string(truncatedUtf8(text, longestValue)) + "...";
    return text;
}

bool equal(const Node &a, const Node &b)
{
    return jsonText(a) == jsonText(b);
}

/// "credentials of name main" rather than an index: lists of maps with names are compared entry by entry.
const Node *named(const Node &list, std::string_view name)
{
    for (const Node &item : list.items) {
        const Node *candidate = item.find("name");
        if (candidate == nullptr)
            candidate = item.find("id");
        if (candidate != nullptr && candidate->text == name)
            return &item;
    }
    return nullptr;
}

std::string nameOf(const Node &item)
{
    const Node *name = item.find("name");
    if (name == nullptr)
        name = item.find("id");
    return name == nullptr ? std::string() : name->text;
}

bool isNamedList(const Node &node)
{
    return node.kind == Node::Kind::Sequence && !node.items.empty()
        && std::all_of(node.items.begin(), node.items.end(), [](const Node &item) { return !nameOf(item).empty(); });
}

class Comparison
{
public:
    std::vector<std::string> run(const Node &before, const Node &after)
    {
        compareMaps(before, after, "");
        return std::move(m_fields);
    }

private:
    void compareMaps(const Node &before, const Node &after, const std::string &path)
    {
        for (const Entry &entry : before.entries)
            compare(&entry.value, after.find(entry.key), path.empty() ? entry.key : path + '.' + entry.key);
        for (const Entry &entry : after.entries) {
            if (before.find(entry.key) == nullptr)
                compare(nullptr, &entry.value, path.empty() ? entry.key : path + '.' + entry.key);
        }
    }

    void compare(const Node *before, const Node *after, const std::string &path)
    {
        if (before != nullptr && after != nullptr && equal(*before, *after))
            return;
        if (isDelicate(path) || holdsPassword(before) || holdsPassword(after)) {
            m_fields.push_back(path == "hash" ? "secret changed" : path + " changed");
            return;
        }
        const Node none;
        const Node &old = before == nullptr ? none : *before;
        const Node &fresh = after == nullptr ? none : *after;
        const bool maps = (old.kind == Node::Kind::Map || before == nullptr) && (fresh.kind == Node::Kind::Map || after == nullptr);
        if (maps && path != "plan")
            compareMaps(old, fresh, path);
        else if ((before == nullptr || isNamedList(old)) && (after == nullptr || isNamedList(fresh)) && path != "plan")
            compareLists(old, fresh, path);
        else
            m_fields.push_back(fmt::format("{}: {} -> {}", path, shown(before), shown(after)));
    }

    void compareLists(const Node &before, const Node &after, const std::string &path)
    {
        for (const Node &item : before.items) {
            const std::string name = nameOf(item);
            if (const Node *now = named(after, name))
                compareMaps(item, *now, path + '.' + name);
            else
                m_fields.push_back(fmt::format("{} {} removed", path, name));
        }
        for (const Node &item : after.items) {
            if (named(before, nameOf(item)) == nullptr)
                m_fields.push_back(fmt::format("{} {} added", path, nameOf(item)));
        }
    }

    std::vector<std::string> m_fields;
};

constexpr WriteOptions compared {.secrets = Secrets::Include, .stored = true};

/// @param name  empty: of a section
Change changeOf(Change::Kind kind, std::string_view subject, const std::string &name, std::vector<std::string> fields = {})
{
    return {.kind = kind,
            .subject = std::string(subject),
            .name = name,
            .entry = name.empty() ? std::string(subject) : fmt::format("{} {}", subject, name),
            .fields = std::move(fields)};
}

template <typename T>
const T *partner(const std::vector<T> &entries, const T &entry)
{
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const T &candidate) {
        return !entry.id.empty() && !candidate.id.empty() ? candidate.id == entry.id : candidate.name == entry.name;
    });
    return found == entries.end() ? nullptr : &*found;
}

template <typename T>
void compareEntries(std::vector<Change> &changes, std::string_view kind, const std::vector<T> &before, const std::vector<T> &after)
{
    for (const T &old : before) {
        if (partner(after, old) == nullptr)
            changes.push_back(changeOf(Change::Kind::Removed, kind, old.name));
    }
    for (const T &now : after) {
        const T *old = partner(before, now);
        if (old == nullptr) {
            changes.push_back(changeOf(Change::Kind::Added, kind, now.name));
        } else if (!(*old == now)) {
            T same = *old;
            same.id = now.id; // an entry without one was not stored yet
            auto fields = Comparison().run(toNode(same, compared), toNode(now, compared));
            if (!fields.empty())
                changes.push_back(changeOf(Change::Kind::Changed, kind, old->name, std::move(fields)));
        }
    }
}

} // namespace

std::string Change::text() const
{
    switch (kind) {
    case Kind::Added: return entry + " added";
    case Kind::Removed: return entry + " removed";
    case Kind::Changed: return fmt::format("{}: {}", entry, fieldText());
    }
    return entry;
}

std::string Change::fieldText() const
{
    return fmt::format("{}", fmt::join(fields, "; "));
}

std::vector<Change> diff(const Config &before, const Config &after)
{
    std::vector<Change> changes;
    auto settings = Comparison().run(toNode(before.gateway, compared), toNode(after.gateway, compared));
    if (!settings.empty())
        changes.push_back(changeOf(Change::Kind::Changed, "gateway", {}, std::move(settings)));
    forEachSection([&](const auto &section) {
        auto fields = Comparison().run(toNode(before.*section.member, compared), toNode(after.*section.member, compared));
        if (!fields.empty())
            changes.push_back(changeOf(Change::Kind::Changed, section.name, {}, std::move(fields)));
    });
    forEachList([&](const auto &list) { compareEntries(changes, list.kind, before.*list.member, after.*list.member); });
    return changes;
}

std::string diffText(const Config &before, const Config &after)
{
    std::string text;
    for (const Change &change : diff(before, after))
        text += (text.empty() ? "" : "\n") + change.text();
    return text;
}

} // namespace gateway::config
