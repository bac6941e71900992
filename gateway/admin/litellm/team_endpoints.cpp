// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/edit.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/find_entry.h"
#include "gateway/admin/litellm/entries.h"
#include "gateway/admin/litellm/key_fields.h"
#include "gateway/core/key_hash.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

/// LiteLLM's /team/new and /team/info, over the configuration's teams.
namespace gateway::admin::litellm {

namespace {

using Json = nlohmann::ordered_json;
using Changed = std::expected<std::string, pipeline::AdminReply>;

using TeamBody = std::function<Json(const config::Config &, const config::Team &, const std::vector<ScopeState> &live, const Usage &byKey)>;

/// Answers with what `body` makes of a team as it now is, and of what its keys spent.
void show(api::Gateway &gateway, QObject *context, std::string_view asked, TeamBody body, const Done &done)
{
    const api::ConfigPtr config = gateway.config();
    const auto team = findEntry(config->teams, asked);
    if (team == config->teams.end()) {
        Error error = noSuchEntry("team", asked, config->teams);
        error.where = "team_id";
        return done(refusal(error));
    }
    auto query = usageOf("team", team->name);
    if (!query)
        return done(refusal(query.error()));
    query->groupBy = {UsageField::Key};
    gateway.usage(std::move(*query), context, [&gateway, config, team, body = std::move(body), done](const Result<Usage> &usage) {
        if (!usage)
            return done(refusal(usage.error()));
        std::vector<ScopeName> names {{.kind = ScopeKind::Team, .name = team->name}};
        for (const config::VirtualKey &key : config->keys) {
            if (key.team == team->name && !key.quota.empty())
                names.push_back({.kind = ScopeKind::Key, .name = key.name, .keyHash = key.hash});
        }
        done(answer(body(*config, *team, gateway.scopesOf(names), *usage)));
    });
}

Json withKeys(const config::Config &config, const config::Team &team, const std::vector<ScopeState> &live, const Usage &byKey)
{
    std::map<std::string_view, Money> spent;
    for (const UsageRow &row : byKey.rows)
        spent.emplace(row.group.front(), row.totals.cost);
    Json keys = Json::array();
    for (const config::VirtualKey &key : config.keys) {
        if (key.team == team.name)
            keys.push_back(keyInfo(config, key, live, spent[key.name]));
    }
    return {{"team_id", team.id}, {"team_info", teamInfo(team, live, byKey.totals.cost)}, {"keys", std::move(keys)}, {"team_memberships", Json::array()}};
}

void newTeam(Ask ask, Done done)
{
    const auto fields = readTeamFields(ask.body);
    if (!fields)
        return done(refusal(fields.error()));
    config::Team team {.name = fields->alias ? *fields->alias : fields->id.value_or("team-" + newKeySecret().substr(3, 12))};
    if (const auto wrong = fields->quota.layOver(team.quota))
        return done(refusal(*wrong));
    Edit edit {.note = fmt::format("team {} created", team.name)};
    edit.change = [team](config::Config &next) -> Changed {
        if (std::ranges::find(next.teams, team.name, &config::Team::name) != next.teams.end())
            return std::unexpected(refusal({.code = ErrorCode::Conflict, .message = fmt::format("There is a team {} already. Choose another alias.", jsonQuoted(team.name)), .where = "team_alias"}));
        next.teams.push_back(team);
        return fmt::format("teams[{}].", next.teams.size() - 1);
    };
    edit.show = [name = team.name, notTaken = fields->notTaken](api::Gateway &gateway, QObject *context, const Done &answered) {
        show(gateway, context, name, [notTaken](const config::Config &, const config::Team &made, const std::vector<ScopeState> &live, const Usage &usage) {
            Json body = teamInfo(made, live, usage.totals.cost);
            body["signalbox_not_taken"] = notTaken;
            return body;
        }, answered);
    };
    makeEdit(std::move(ask), std::move(edit), std::move(done));
}

void teamOf(const Ask &ask, const Done &done)
{
    if (ask.asked("team_id").empty())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "Say with team_id which one it is, by id or name.", .where = "team_id"}));
    show(ask.gateway, ask.context, ask.asked("team_id"), withKeys, done);
}

} // namespace
} // namespace gateway::admin::litellm

namespace gateway::admin {

void addLiteLlmTeamEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "POST", .path = "/team/new", .handler = litellm::newTeam, .summary = "LiteLLM's call: makes a team.", .body = "litellm.team", .answer = "litellm.team.answer"});
    table.push_back({.method = "GET", .path = "/team/info", .least = Role::Analyst, .handler = litellm::teamOf, .summary = "LiteLLM's call: a team, by id or name, its keys, and what they spent.", .query = {"team_id"}, .answer = "litellm.team.info"});
}

} // namespace gateway::admin
