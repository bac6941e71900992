// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/report_requests.h"

#include "gateway/api/report_tools.h"
#include "gateway/core/text.h"
#include "gateway/reports/report_json.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace gateway::admin {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> formats {"html", "json", "sheet"};

Result<std::string> textOf(const json &request, const char *key)
{
    const auto found = request.find(key);
    if (found == request.end() || found->is_null())
        return std::string();
    if (!found->is_string())
        return fail(ErrorCode::BadRequest, fmt::format("{} is a text.", key), key);
    return found->get<std::string>();
}

struct Asked
{
    std::string team, week, month, from, to, zone, format;
};

Result<Asked> askedOf(const json &request)
{
    Asked asked;
    const std::array<std::pair<const char *, std::string *>, 7> known {{{"team", &asked.team}, {"week", &asked.week}, {"month", &asked.month}, {"from", &asked.from}, {"to", &asked.to}, {"time_zone", &asked.zone}, {"format", &asked.format}}};
    for (const auto &[name, value] : request.items()) {
        if (name != "do" && std::ranges::none_of(known, [&](const auto &each) { return name == each.first; }))
            return fail(ErrorCode::BadRequest, fmt::format("{} is none of what is asked here: team, week, month, from, to, time_zone, format.", jsonQuoted(truncatedUtf8(name, 40))), name);
    }
    for (const auto &[name, into] : known) {
        auto text = textOf(request, name);
        if (!text)
            return std::unexpected(text.error());
        *into = std::move(*text);
    }
    if (!asked.format.empty() && std::ranges::find(formats, asked.format) == formats.end())
        return fail(ErrorCode::BadRequest, fmt::format("{} is no format; json, html and sheet are.", jsonQuoted(truncatedUtf8(asked.format, 40))), "format");
    return asked;
}

Result<ReportTime> timeOf(const Asked &asked, const std::string &zone)
{
    const int ways = int {!asked.week.empty()} + int {!asked.month.empty()} + int {!asked.from.empty() || !asked.to.empty()};
    if (ways > 1)
        return fail(ErrorCode::BadRequest, "A report is of a week, a month, or from one day to another: say one of them.", "week");
    if (!asked.month.empty())
        return reportMonth(asked.month, zone);
    if (!asked.from.empty() || !asked.to.empty())
        return reportDays(asked.from, asked.to.empty() ? asked.from : asked.to, zone);
    if (!asked.week.empty())
        return reportWeek(asked.week, zone);
    const ReportTime last = lastReportTime(ReportTime::Kind::Week, SystemClock().wallNow(), zone);
    return reportWeek(last.id, zone); // tells of an unknown zone, which the last week took for UTC
}

/// A team that nobody knows, and that made no calls: a misspelt one must not look like one that spent nothing.
std::optional<Error> unknownTeam(const api::Gateway &gateway, const ReportData &data)
{
    const auto config = gateway.config();
    if (!data.team || data.team->empty() || data.now.calls > 0 || data.before.calls > 0 || std::ranges::find(config->teams, *data.team, &config::Team::name) != config->teams.end())
        return std::nullopt;
    std::vector<std::string_view> names;
    for (const config::Team &team : config->teams)
        names.emplace_back(team.name);
    const std::string_view near = nearestName(*data.team, names);
    return Error {.code = ErrorCode::NotFound, .message = fmt::format("There is no team {}, and no call of one.{}", jsonQuoted(truncatedUtf8(*data.team, 100)), near.empty() ? std::string() : fmt::format(" Did you mean {}?", jsonQuoted(near))), .where = "team"};
}

} // namespace

void report(api::Gateway &gateway, const json &request, QObject *context, JsonAnswer answer, std::function<void(ReportProgress)> onProgress)
{
    const auto asked = askedOf(request);
    if (!asked)
        return answer(std::unexpected(asked.error()));
    auto time = timeOf(*asked, asked->zone.empty() ? gateway.config()->gateway.timeZone : asked->zone);
    if (!time)
        return answer(std::unexpected(time.error()));
    api::ReportTools *tools = api::ReportTools::of(gateway);
    if (tools == nullptr)
        return answer(fail(ErrorCode::NotSupported, "This gateway has no call log to report on."));
    ReportQuery query {.time = std::move(*time), .team = asked->team.empty() ? std::nullopt : std::optional(asked->team)};
    tools->report(std::move(query), context, std::move(onProgress), [&gateway, format = asked->format, answer = std::move(answer)](const Result<api::MadeReport> &made) {
        if (!made)
            return answer(std::unexpected(made.error()));
        if (const auto wrong = unknownTeam(gateway, made->data))
            return answer(std::unexpected(*wrong));
        json body {{"file_name", made->sheet.fileName}};
        if (format == "html")
            body["html"] = made->html;
        else if (format == "sheet")
            body["sheet"] = reports::jsonOf(made->sheet);
        else
            body["report"] = reports::jsonOf(made->data);
        answer(std::move(body));
    });
}

} // namespace gateway::admin
