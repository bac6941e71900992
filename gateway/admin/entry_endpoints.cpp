// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/admin_tokens.h"
#include "gateway/admin/answers.h"
#include "gateway/admin/edit.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/entry_json.h"
#include "gateway/admin/find_entry.h"
#include "gateway/config/entry_lists.h"
#include "gateway/core/admin_secret.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

constexpr int usualPage = 100;
constexpr int longestPage = 1000;

/// The endpoints of one list of entries. Lives as long as the program.
template <typename T>
class Collection
{
public:
    explicit Collection(config::EntryList<T> list) : m_list(list), m_path(pathOf(list.name)) {}

    void addTo(std::vector<Endpoint> &table) const
    {
        const std::string &all = m_path;
        const std::string one = all + "/{id}";
        const std::string schema(m_list.kind);
        const std::string answered = schema + ".answer";
        const std::string what = words();
        table.push_back({.method = "GET", .path = all, .least = readers, .handler = bound(&Collection::list), .summary = fmt::format("The {}s, by name, a page at a time.", what), .query = {"limit", "after"},
                         .answer = schema + ".page"});
        table.push_back({.method = "POST", .path = all, .least = writers, .handler = bound(&Collection::create), .summary = fmt::format("Makes a {}.", what), .body = schema, .answer = answered, .status = 201});
        table.push_back({.method = "GET", .path = one, .least = readers, .handler = bound(&Collection::read), .summary = fmt::format("One {}, by id or name.", what), .answer = answered});
        table.push_back({.method = "PUT", .path = one, .least = writers, .handler = bound(&Collection::replace), .summary = fmt::format("Replaces a {}. Secrets that are left out stay as they are.", what),
                         .body = schema, .answer = answered, .ifMatch = IfMatch::Must});
        table.push_back({.method = "DELETE", .path = one, .least = writers, .handler = bound(&Collection::remove), .summary = fmt::format("Removes a {}.", what), .ifMatch = IfMatch::May, .status = 204});
    }

private:
    using Entries = std::vector<T>;

    // Who may what is the owner's business alone.
    static constexpr bool isTokens = std::is_same_v<T, config::AdminToken>;
    static constexpr Role readers = isTokens ? Role::Admin : Role::Analyst;
    static constexpr Role writers = isTokens ? Role::Owner : Role::Admin;

    /// "/admin/v1/privacy/policies" for "privacy.policies"; what is the admin API's own is not named after it again.
    static std::string pathOf(std::string_view list)
    {
        constexpr std::string_view own = "admin.";
        std::string path("/admin/v1/");
        path += list.starts_with(own) ? list.substr(own.size()) : list;
        std::ranges::replace(path, '.', '/');
        return path;
    }

    /// "admin token"
    [[nodiscard]] std::string words() const
    {
        std::string text(m_list.kind);
        std::ranges::replace(text, '-', ' ');
        return text;
    }

    Handler bound(void (Collection::*method)(Ask, Done) const) const
    {
        return [self = *this, method](Ask ask, Done done) { (self.*method)(std::move(ask), std::move(done)); };
    }

    Entries &entriesOf(config::Config &config) const { return config.*m_list.member; }
    const Entries &entriesOf(const config::Config &config) const { return config.*m_list.member; }

    Error ownedByFile(const T &entry) const
    {
        return {.code = ErrorCode::Conflict, .message = fmt::format("The {} {} comes from the configuration file. Change it there.", m_list.kind, jsonQuoted(entry.name))};
    }

    void list(Ask ask, Done done) const
    {
        const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
        if (!limit)
            return done(refusal(limit.error()));
        const api::ConfigPtr now = ask.gateway.config();
        std::vector<const T *> page;
        for (const T &entry : entriesOf(*now)) {
            if (entry.name > ask.asked("after"))
                page.push_back(&entry);
        }
        std::ranges::sort(page, {}, [](const T *entry) -> const std::string & { return entry->name; });
        const bool more = page.size() > static_cast<std::size_t>(*limit);
        if (more)
            page.resize(static_cast<std::size_t>(*limit));
        std::vector<std::string> ids;
        for (const T *entry : page)
            ids.push_back(entry->id);
        ask.gateway.heldSince(std::string(m_list.kind), std::move(ids), ask.context, [now, page = std::move(page), more, done = std::move(done)](const Result<std::vector<std::uint64_t>> &since) {
            if (!since)
                return done(refusal(since.error()));
            Json data = Json::array();
            for (std::size_t i = 0; i < page.size(); ++i)
                data.push_back(entryJson(*page[i], (*since)[i]));
            done(answer(Json {{"data", std::move(data)}, {"has_more", more}, {"next", more ? Json(page.back()->name) : Json()}}));
        });
    }

    void read(Ask ask, Done done) const { show(ask.gateway, ask.context, std::string(ask.argument()), 200, {}, std::move(done)); }

    /// Answers with an entry as it now is.
    void show(api::Gateway &gateway, QObject *context, std::string asked, int status, std::string secret, Done done) const
    {
        const api::ConfigPtr now = gateway.config();
        const auto found = findEntry(entriesOf(*now), asked);
        if (found == entriesOf(*now).end())
            return done(refusal(noSuchEntry(m_list.kind, asked, entriesOf(*now))));
        const T &entry = *found;
        gateway.heldSince(std::string(m_list.kind), {entry.id}, context,
                          [self = *this, now, &entry, status, secret = std::move(secret), done = std::move(done)](const Result<std::vector<std::uint64_t>> &since) {
                              if (!since)
                                  return done(refusal(since.error()));
                              Json body = entryJson(entry, since->front());
                              if (!secret.empty())
                                  body["secret"] = secret;
                              pipeline::AdminReply reply = answer(body, status);
                              reply.headers = etagLine(since->front());
                              if (status == 201)
                                  reply.headers += fmt::format("location: {}/{}\r\n", self.m_path, entry.id);
                              done(std::move(reply));
                          });
    }

    void create(Ask ask, Done done) const
    {
        auto made = readEntry<T>(ask.body);
        if (!made)
            return done(refusal(made.error()));
        std::string secret;
        if constexpr (std::is_same_v<T, config::VirtualKey>) {
            if (made->secret.empty()) {
                secret = newKeySecret();
                made->secret.value = secret;
            }
            made->createdAt = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        }
        if constexpr (isTokens) {
            if (made->secret.empty()) {
                secret = newAdminSecret();
                made->secret.value = secret;
            }
        }
        const std::string name = made->name;
        Edit edit {.note = fmt::format("{} {} created", m_list.kind, name)};
        edit.change = [self = *this, made = std::move(*made)](config::Config &next) -> std::expected<std::string, pipeline::AdminReply> {
            Entries &entries = self.entriesOf(next);
            if (std::ranges::find(entries, made.name, &T::name) != entries.end())
                return std::unexpected(refusal({.code = ErrorCode::Conflict, .message = fmt::format("There is a {} {} already. Choose another name.", self.m_list.kind, jsonQuoted(made.name)), .where = "name"}));
            entries.push_back(made);
            return self.place(entries.size() - 1);
        };
        edit.show = [self = *this, name, secret](api::Gateway &gateway, QObject *context, Done answered) { self.show(gateway, context, name, 201, secret, std::move(answered)); };
        makeEdit(std::move(ask), std::move(edit), std::move(done));
    }

    void replace(Ask ask, Done done) const
    {
        if (const auto read = revisionRead(ask); !read)
            return done(read.error());
        auto made = readEntry<T>(ask.body);
        if (!made)
            return done(refusal(made.error()));
        const std::string asked(ask.argument());
        ifUnchanged(
            std::move(ask), fmt::format("{} {} changed", m_list.kind, asked),
            [made = std::move(*made)](Entries &entries, typename Entries::iterator place) {
                T next = made;
                next.id = place->id;
                if (next.name.empty())
                    next.name = place->name;
                next.origin = place->origin;
                keepState(next, *place);
                *place = std::move(next);
                return static_cast<std::size_t>(place - entries.begin());
            },
            [self = *this](const std::string &id) {
                return [self, id](api::Gateway &gateway, QObject *context, Done answered) { self.show(gateway, context, id, 200, {}, std::move(answered)); };
            },
            std::move(done));
    }

    void remove(Ask ask, Done done) const
    {
        const std::string asked(ask.argument());
        ifUnchanged(
            std::move(ask), fmt::format("{} {} removed", m_list.kind, asked),
            [](Entries &entries, typename Entries::iterator place) {
                entries.erase(place);
                return entries.size();
            },
            [](const std::string &) { return [](api::Gateway &, QObject *, const Done &answered) { answered(nothing()); }; }, std::move(done));
    }

    /// "routes[2]."
    [[nodiscard]] std::string place(std::size_t index) const { return fmt::format("{}[{}].", m_list.name, index); }

    /// Makes an edit of one entry that is as the program read it; without If-Match, whatever it is.
    void ifUnchanged(Ask ask, std::string note, std::function<std::size_t(Entries &, typename Entries::iterator)> change, std::function<Edit::Show(const std::string &id)> show, Done done) const
    {
        const auto wanted = readIfMatch(ask.ifMatch);
        if (!wanted)
            return done(refusal(wanted.error()));
        const api::ConfigPtr now = ask.gateway.config();
        const auto found = findEntry(entriesOf(*now), ask.argument());
        if (found == entriesOf(*now).end())
            return done(refusal(noSuchEntry(m_list.kind, ask.argument(), entriesOf(*now))));
        if (found->origin == config::Origin::File)
            return done(refusal(ownedByFile(*found)));
        const std::string id = found->id;
        Edit edit {.note = std::move(note)};
        edit.change = [self = *this, id, change = std::move(change)](config::Config &next) -> std::expected<std::string, pipeline::AdminReply> {
            Entries &entries = self.entriesOf(next);
            const auto place = std::ranges::find(entries, id, &T::id);
            if (place == entries.end())
                return std::unexpected(refusal({.code = ErrorCode::NotFound, .message = fmt::format("The {} was removed meanwhile.", self.m_list.kind)}));
            return self.place(change(entries, place));
        };
        edit.show = show(id);
        edit.held = Edit::Held {.kind = std::string(m_list.kind), .id = id, .since = *wanted};
        makeEdit(std::move(ask), std::move(edit), std::move(done));
    }

    config::EntryList<T> m_list;
    std::string m_path;
};

} // namespace

void addEntryEndpoints(std::vector<Endpoint> &table)
{
    config::forEachList([&](const auto &list) { Collection(list).addTo(table); });
}

} // namespace gateway::admin
