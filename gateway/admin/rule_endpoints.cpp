// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/edit.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/rule_json.h"
#include "gateway/core/text.h"

#include <QByteArray>

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <type_traits>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;
using Refused = std::unexpected<pipeline::AdminReply>;

constexpr int usualPage = 100;
constexpr int longestPage = 1000;

/// The endpoints of budgets, or of limits: of all scopes, by their places. Each edit is one of the entry or section that has
/// them. Lives as long as the program.
template <typename Rule>
class Rules
{
public:
    void addTo(std::vector<Endpoint> &table) const
    {
        const std::string all = fmt::format("/admin/v1/{}s", word);
        const std::string one = all + "/{id}";
        const std::string schema(word);
        table.push_back({.method = "GET", .path = all, .least = Role::Analyst, .handler = list, .summary = fmt::format("The {}s of all scopes and how they stand, a page at a time; those of one kind with scope, of one alone with name too.", word),
                         .query = {"scope", "name", "limit", "after"}, .answer = schema + ".page"});
        table.push_back({.method = "POST", .path = all, .handler = create, .summary = fmt::format("Gives a scope one more {}.", word), .body = schema, .answer = schema + ".answer", .status = 201});
        table.push_back({.method = "GET", .path = one, .least = Role::Analyst, .handler = read, .summary = fmt::format("One {}, such as team:search:0, and how it stands.", word), .answer = schema + ".answer"});
        table.push_back({.method = "PUT", .path = one, .handler = replace, .summary = fmt::format("Replaces a {}. If-Match is the configuration's revision.", word), .body = schema, .answer = schema + ".answer", .ifMatch = IfMatch::Must});
        // A second try must not remove the one that moved up: so the revision is asked for here too.
        table.push_back({.method = "DELETE", .path = one, .handler = remove, .summary = fmt::format("Removes a {}; those behind it move up. If-Match is the configuration's revision.", word), .ifMatch = IfMatch::Must, .status = 204});
    }

private:
    static constexpr std::string_view word = std::is_same_v<Rule, config::Budget> ? "budget" : "limit";

    static Error noSuchRule(std::string_view id)
    {
        return {.code = ErrorCode::NotFound, .message = fmt::format("There is no {} {}. GET /admin/v1/{}s lists those that are there.", word, jsonQuoted(truncatedUtf8(id, 120)), word)};
    }

    static Error noSuchScope(ScopeKind scope, std::string_view name)
    {
        return {.code = ErrorCode::Invalid, .message = fmt::format("There is no {} {} that could have a {}.", toText(scope), jsonQuoted(truncatedUtf8(name, 80)), word), .where = "name"};
    }

    /// The scope and its rules, as far as an edit may change them.
    static std::expected<ScopesRules<Rule>, pipeline::AdminReply> editable(const config::Config &config, const RulePlace &place, const Error &otherwise)
    {
        auto rules = rulesOf<Rule>(config, place.scope, place.name);
        if (!rules)
            return Refused(refusal(otherwise));
        if (rules->origin == config::Origin::File)
            return Refused(refusal({.code = ErrorCode::Conflict, .message = fmt::format("The {}s of {} {} come from the configuration file. Change them there.", word, toText(place.scope), jsonQuoted(place.name))}));
        return std::move(*rules);
    }

    static Result<RuleFilter> filterOf(const Ask &ask)
    {
        RuleFilter filter {.name = std::string(ask.asked("name"))};
        if (const std::string_view text = ask.asked("scope"); !text.empty() && !(filter.scope = scopeNamed(text)))
            return fail(ErrorCode::BadRequest, fmt::format("scope is organisation, team, key, customer, provider, route or tag, but here it is {}.", jsonQuoted(truncatedUtf8(text, 40))), "scope");
        if (!filter.name.empty() && !filter.scope)
            return fail(ErrorCode::BadRequest, "name wants scope too: names differ within one kind alone.", "name");
        if (const std::string_view last = ask.asked("after"); !last.empty() && !(filter.after = RulePlace::parse(last)))
            return fail(ErrorCode::BadRequest, "after is what a page gave as next.", "after");
        return filter;
    }

    static void list(const Ask &ask, const Done &done)
    {
        const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
        if (!limit)
            return done(refusal(limit.error()));
        const std::uint64_t revision = ask.gateway.revision().number;
        const auto filter = filterOf(ask);
        if (!filter)
            return done(refusal(filter.error()));
        const auto page = ask.rules->template of<Rule>(ask.gateway.config()).page(*filter, static_cast<std::size_t>(*limit));
        Json data = rulesJson(page.rules, revision, ask.gateway);
        done(answer(Json {{"data", std::move(data)}, {"has_more", page.more}, {"next", page.more ? Json(page.rules.back().place.id()) : Json()}}));
    }

    static void read(const Ask &ask, const Done &done) { show(ask.gateway, std::string(ask.argument()), 200, done); }

    static void show(api::Gateway &gateway, const std::string &id, int status, const Done &done)
    {
        const std::uint64_t revision = gateway.revision().number;
        const api::ConfigPtr now = gateway.config();
        const auto place = RulePlace::parse(id);
        const auto rules = place ? rulesOf<Rule>(*now, place->scope, place->name) : std::nullopt;
        if (!rules || place->index >= rules->rules.size())
            return done(refusal(noSuchRule(id)));
        const PlacedRule<Rule> one {.place = *place, .rule = &rules->rules[place->index], .origin = rules->origin, .keyHash = rules->keyHash};
        pipeline::AdminReply reply = answer(rulesJson<Rule>({one}, revision, gateway).front(), status);
        reply.headers = etagLine(revision);
        if (status == 201)
            reply.headers += fmt::format("location: /admin/v1/{}s/{}\r\n", word, QByteArray::fromStdString(place->id()).toPercentEncoding().toStdString());
        done(std::move(reply));
    }

    static void create(Ask ask, Done done)
    {
        const auto sent = readRule<Rule>(ask.body);
        if (!sent)
            return done(refusal(sent.error()));
        if (!sent->scope)
            return done(refusal({.code = ErrorCode::BadRequest, .message = fmt::format("Say with scope whose {} it is: organisation, team, key, customer, provider, route or tag.", word), .where = "scope"}));
        if (hasName(*sent->scope) != (sent->name && !sent->name->empty()))
            return done(refusal({.code = ErrorCode::BadRequest, .message = hasName(*sent->scope) ? fmt::format("Say with name which {} it is.", toText(*sent->scope)) : fmt::format("The scope {} has no name.", toText(*sent->scope)), .where = "name"}));
        const auto place = std::make_shared<RulePlace>(RulePlace {.scope = *sent->scope, .name = sent->name.value_or(std::string())});
        Edit edit {.note = fmt::format("{} of {} created", word, hasName(place->scope) ? fmt::format("{} {}", toText(place->scope), place->name) : std::string(toText(place->scope)))};
        edit.change = [place, rule = sent->rule](config::Config &next) -> std::expected<std::string, pipeline::AdminReply> {
            auto scope = editable(next, *place, noSuchScope(place->scope, place->name));
            if (!scope)
                return Refused(std::move(scope.error()));
            if (scope->single && !scope->rules.empty())
                return Refused(refusal({.code = ErrorCode::Conflict, .message = fmt::format("Customers have one {} at most, and there is one: {}.", word, place->id())}));
            place->index = scope->rules.size();
            scope->rules.push_back(rule);
            setRules(next, place->scope, place->name, std::move(scope->rules));
            return scope->field(place->index) + '.';
        };
        edit.show = [place](api::Gateway &gateway, QObject *, const Done &answered) { show(gateway, place->id(), 201, answered); };
        makeEdit(std::move(ask), std::move(edit), std::move(done));
    }

    /// Changes the rule that the path names, where it is as the program read it.
    /// @param change  of the scope's rules, at that index
    static void editOne(Ask ask, std::string_view what, std::function<void(std::vector<Rule> &, std::size_t)> change, Edit::Show answered, Done done)
    {
        const auto revision = revisionRead(ask);
        if (!revision)
            return done(revision.error());
        const std::string id(ask.argument());
        const auto place = RulePlace::parse(id);
        if (!place)
            return done(refusal(noSuchRule(id)));
        Edit edit {.note = fmt::format("{} {} {}", word, id, what), .show = std::move(answered), .onlyAt = *revision};
        edit.change = [place = *place, id, change = std::move(change)](config::Config &next) -> std::expected<std::string, pipeline::AdminReply> {
            auto scope = editable(next, place, noSuchRule(id));
            if (!scope)
                return Refused(std::move(scope.error()));
            if (place.index >= scope->rules.size())
                return Refused(refusal(noSuchRule(id)));
            change(scope->rules, place.index);
            setRules(next, place.scope, place.name, std::move(scope->rules));
            return scope->field(place.index) + '.';
        };
        makeEdit(std::move(ask), std::move(edit), std::move(done));
    }

    static void replace(Ask ask, Done done)
    {
        const auto sent = readRule<Rule>(ask.body);
        if (!sent)
            return done(refusal(sent.error()));
        const std::string id(ask.argument());
        const auto place = RulePlace::parse(id);
        if (place && ((sent->scope && *sent->scope != place->scope) || (sent->name && *sent->name != place->name)))
            return done(refusal({.code = ErrorCode::BadRequest, .message = fmt::format("A {} stays with its scope: remove it, and give the other one a {}.", word, word), .where = sent->scope && *sent->scope != place->scope ? "scope" : "name"}));
        editOne(
            std::move(ask), "changed", [rule = sent->rule](std::vector<Rule> &rules, std::size_t index) { rules[index] = rule; },
            [id](api::Gateway &gateway, QObject *, const Done &answered) { show(gateway, id, 200, answered); }, std::move(done));
    }

    static void remove(Ask ask, Done done)
    {
        editOne(
            std::move(ask), "removed", [](std::vector<Rule> &rules, std::size_t index) { rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(index)); },
            [](api::Gateway &, QObject *, const Done &answered) { answered(nothing()); }, std::move(done));
    }
};

} // namespace

void addRuleEndpoints(std::vector<Endpoint> &table)
{
    Rules<config::Budget>().addTo(table);
    Rules<config::Limit>().addTo(table);
}

} // namespace gateway::admin
